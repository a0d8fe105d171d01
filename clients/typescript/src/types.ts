/** Names for the types that the OpenAPI document and the schemas of documents define. */

import type { components } from "./api.js";
import type { components as documents } from "./documents.js";

type Schemas = components["schemas"];
type Documents = documents["schemas"];

export type Session = Schemas["Session"];
export type Mode = Schemas["Mode"];
export type SessionData = Schemas["SessionContent"];
export type NextItem = Schemas["NextItem"] | Schemas["NextQuestion"];
export type FoundItem = Schemas["GetNextItemReply"];
export type Summary = Schemas["Summary"];
export type StoredSession = Schemas["StoredSession"];
/** The same as a request takes it: as it was replied or read, by an SDK or by Firestore's REST API. */
export type SentSession = Schemas["SentSession"];
/** A template as its owner has it in replies. */
export type OwnTemplate = Schemas["Template"];
/** A template as everyone reads it who may. */
export type Template = Omit<OwnTemplate, "student_ids">;
/** A template in a student's list of those assigned to them. */
export type AssignedTemplate = Pick<
  Template,
  | "schema_version"
  | "template_id"
  | "owner_id"
  | "name"
  | "root_id"
  | "subject"
  | "topic"
  | "grade_level"
  | "archived_at"
> & { assigned_at: string };
export type TemplateData = Schemas["TemplateContent"];
export type Problem = Schemas["Problem"];
export type Reason = Problem["reason"];
export type Usage = Schemas["Usage"];
/** An entry of a session's log. */
export type LoggedItem = Documents["LoggedItem"];
/** A student's streak, XP and totals. */
export type Student = Documents["Student"];

/** A student's skill over all sessions: mastery, 0 to 1, and when it is due for review. */
export type StoredSkill = Documents["Skill"];
/** A stored skill with its mastery when it was read: see `masteryAt`. */
export type Skill = StoredSkill & { mastery: number };

/** What is due for review on a day, and a little that is new. */
export type Pack = Schemas["Pack"];
export type DailyPackRequest = Schemas["DailyPack"];
export type DailyPackReply = Schemas["DailyPackReply"];

export type SchoolClass = Schemas["SchoolClass"];
/** How students join a class, with its code; only its teachers have it. */
export type JoinSettings = Schemas["JoinSettings"];
/** A class as its teachers have it in replies. */
export type TaughtClass = Schemas["CreateClassReply"];
export type JoinedClass = Schemas["JoinClassReply"];
/** A student in a class, or one who was: `status` says which. */
export type Member = Schemas["Member"];
export type CreateClass = Schemas["CreateClass"];
export type UpdateClass = Schemas["UpdateClass"];
export type JoinClass = Schemas["JoinClass"];
export type RemoveMember = Schemas["RemoveMember"];

/** What the students of a class are to practise, by when, and for how many points. */
export type Assignment = Schemas["Assignment"];
export type AssignmentMode = Schemas["AssignmentMode"];
export type CreateAssignment = Schemas["CreateAssignment"];
export type UpdateAssignment = Schemas["UpdateAssignment"];
export type OverrideGrade = Schemas["OverrideGrade"];
export type VoidItem = Schemas["VoidItem"];
/** What a student did of an assignment, and a teacher's grade; see gradebook.ts. */
export type Cell = Schemas["Cell"];
/** A student in the gradebook of a class: cells by assignment_id, and totals of self-practice. */
export type Row = Documents["Row"];
/** An entry of the audit log: who changed a grade, when, from what, to what, and why. */
export type GradeChange = Documents["GradeChange"];

/** What a student of a class works on at the moment. */
export type Live = Documents["Live"];

export type CreateTemplate = Schemas["CreateTemplate"];
export type UpdateTemplate = Schemas["UpdateTemplate"];

/** A session with what is to be done next, null when nothing is left. */
export interface ActiveSession {
  session: Session;
  next_item: NextItem | null;
}

type StartFields = Schemas["StartSession"];
/** A session from a template or blank, or infinite practice to be stored. */
export type StartSession = (Omit<StartFields, "stored_session"> & { stored_session?: null }) | StartPractice;
export type StartPractice = Pick<StartFields, "timezone" | "parent_ids" | "practice_mode"> & {
  stored_session: SentSession;
};
export type StartedSession = Schemas["StartSessionReply"];

type Progress = Schemas["UpdateProgress"];
type With<Name extends keyof Progress> = { [Field in Name]-?: NonNullable<Progress[Field]> };
/** At least one of `session_data`, `items` and `stored_session`. */
export type UpdateProgress = Progress & (With<"session_data"> | With<"items"> | With<"stored_session">);
export type UpdatedSession = Schemas["UpdateProgressReply"];
type CompleteFields = Schemas["CompleteSession"];
/** The fields of a completion besides the session itself. */
export type Completion = Omit<CompleteFields, "session_id" | "stored_session" | "discard">;
/** `discard` takes no other field but `session_id`. */
export type CompleteSession =
  | (Omit<CompleteFields, "discard"> & { discard?: false })
  | (Pick<CompleteFields, "session_id"> & { discard: true });
export type CompletedSession = Schemas["CompleteSessionReply"];
export type ReportQuestion = Schemas["ReportQuestion"];
export type ReportedQuestion = Schemas["ReportQuestionReply"];
/** A student's report that a question is wrong, with the question as it was asked. */
export type QuestionReport = Schemas["QuestionReport"];

/**
 * A template to practise: one that was read, or one that the client wrote. The data of Firestore's
 * SDK, `getDoc(…).data()`, fits too, although the compiler knows nothing of its fields.
 */
export type SourceData = Schemas["SourceData"] | UntypedTemplate;
type UntypedTemplate = Partial<Pick<Template, "name" | "template_data" | "version" | "owner_id">>;
/** The template to begin with, or the session that a turn or a read returned. */
export type SessionContext =
  | { source_data: SourceData; stored_session?: null }
  | { stored_session: SentSession; source_data?: null };

/** The student's input to a turn. Without it the pending question is presented again. */
export type TurnInput = NonNullable<Schemas["PracticeTurn"]["input"]>;
export type Turn = Schemas["PracticeTurnReply"];
export type AssignmentTurn = Schemas["AssignmentTurn"];
export type AssignmentTurnReply = Schemas["AssignmentTurnReply"];
export type Message = Turn["messages"][number];
export type ToolCall = Extract<Message, { type: "ai" }>["tool_calls"][number];
export type Question = Extract<ToolCall, { name: "question_presentation" }>["args"]["question"];

/** The progress of a streamed turn. */
export type TurnEvent =
  /** A step that takes time has begun. */
  | { type: "working"; on: Schemas["RunStep"]["event"] }
  /** A concept, a question, feedback or a hint, as soon as it is available. */
  | { type: "message"; message: Message }
  /** The end: the context of the next turn, and the cost of the model's calls. */
  | { type: "done"; session_context: Turn["session_context"]; usage: Usage };

/** Takes the events of a turn, but for `done`, as they come. */
export type TurnListener = (event: Exclude<TurnEvent, { type: "done" }>) => void;
