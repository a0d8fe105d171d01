/** Names for the types that the OpenAPI document defines. */

import type { components } from "./api.js";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type SessionData = Schemas["SessionContent"];
export type NextItem = Schemas["NextItem"];
export type Summary = Schemas["Summary"];
export type StoredSession = Schemas["StoredSession"];
export type SourceData = Schemas["SourceData"];
export type SessionContext = Schemas["SessionContext"];
export type Template = Schemas["Template"];
export type Problem = Schemas["Problem"];
export type Reason = Problem["reason"];
export type Usage = Schemas["Usage"];

export type StartSession = Schemas["StartSession"];
export type StartedSession = Schemas["StartSessionReply"];
export type UpdateProgress = Schemas["UpdateProgress"];
export type UpdatedSession = Schemas["UpdateProgressReply"];
export type CompleteSession = Schemas["CompleteSession"];
export type CompletedSession = Schemas["CompleteSessionReply"];

/** The student's input to a turn. Without it the pending question is presented again. */
export type TurnInput = NonNullable<Schemas["PracticeTurn"]["input"]>;
export type Turn = Schemas["PracticeTurnReply"];
export type Message = Turn["messages"][number];
export type ToolCall = Extract<Message, { type: "ai" }>["tool_calls"][number];

/** The progress of a streamed turn. */
export type TurnEvent =
  /** A step that takes time has begun. */
  | { type: "working"; on: Schemas["RunStep"]["event"] }
  /** A concept, a question, feedback or a hint, as soon as it is available. */
  | { type: "message"; message: Message }
  /** The end: the context of the next turn, and the cost of the model's calls. */
  | { type: "done"; session_context: Turn["session_context"]; usage: Usage };
