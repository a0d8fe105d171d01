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

/** What a student says in a turn; left out, what is pending is presented again. */
export type TurnInput = NonNullable<Schemas["PracticeTurn"]["input"]>;
export type Turn = Schemas["PracticeTurnReply"];
export type Message = Turn["messages"][number];
export type ToolCall = Extract<Message, { type: "ai" }>["tool_calls"][number];

/** Where a running turn has got to, as it is streamed. */
export type TurnEvent =
  /** Something that takes time has begun. */
  | { type: "working"; on: Schemas["RunStep"]["event"] }
  /** A concept, a question, feedback or a hint, as soon as there is one. */
  | { type: "message"; message: Message }
  /** The end: the state to go on with, and what the turn cost. */
  | { type: "done"; session_context: Turn["session_context"]; usage: Usage };
