import type { Firestore } from "#firestore";

import { Assignments } from "./assignments.js";
import { Classes } from "./classes.js";
import { type CallOptions, Functions, type OpenResponse, type Options } from "./functions.js";
import { Packs } from "./packs.js";
import { PracticeProblem } from "./problem.js";
import { Sessions } from "./sessions.js";
import { Skills } from "./skills.js";
import { turnEvents } from "./stream.js";
import { Templates } from "./templates.js";
import type {
  ActiveSession,
  AssignmentTurn,
  AssignmentTurnReply,
  CompleteSession,
  CompletedSession,
  DailyPackReply,
  DailyPackRequest,
  FoundItem,
  Message,
  Mode,
  ReportQuestion,
  ReportedQuestion,
  SessionContext,
  StartSession,
  StartedSession,
  Turn,
  TurnEvent,
  TurnInput,
  TurnListener,
  UpdateProgress,
  UpdatedSession,
} from "./types.js";

export interface DriverOptions extends Options {
  firestore: Firestore;
  /** The uid of the signed-in user. */
  uid: string;
}

/**
 * A practice session from its start to its summary. Reads go to Firestore, under the security
 * rules; writes go through the functions.
 *
 * Every method that calls a function rejects with PracticeProblem when the call is refused or gets
 * no reply. A request without a whole reply, or refused as UNAVAILABLE or RATE_LIMITED, is retried
 * and takes effect once. Reads reject with Firestore's own errors.
 */
export class PracticeSessionDriver {
  readonly templates: Templates;
  readonly sessions: Sessions;
  readonly skills: Skills;
  readonly packs: Packs;
  readonly classes: Classes;
  readonly assignments: Assignments;
  private readonly functions: Functions;
  private readonly retries: boolean;

  constructor(options: DriverOptions) {
    this.functions = new Functions(options);
    this.retries = options.retries !== 0;
    this.templates = new Templates(this.functions, options.firestore, options.uid);
    this.sessions = new Sessions(options.firestore, options.uid);
    this.skills = new Skills(options.firestore, options.uid);
    this.packs = new Packs(options.firestore, options.uid);
    this.classes = new Classes(this.functions, options.firestore, options.uid);
    this.assignments = new Assignments(this.functions, options.firestore, options.uid);
  }

  /** The user's active session of this template, null if there is none. Each mode has at most one. */
  async checkActiveSession(templateId: string, mode: Mode): Promise<ActiveSession | null> {
    const session = await this.sessions.active(templateId, mode);
    if (!session) return null;
    const { next_item } = await this.getNextItem(session.session_id);
    return { session, next_item };
  }

  /** The next item of a session, read without a write. */
  getNextItem(sessionId: string, options?: CallOptions): Promise<FoundItem> {
    const path = `?session_id=${encodeURIComponent(sessionId)}`;
    return this.functions.call({ name: "get_next_item", method: "GET", path }, options);
  }

  /** Starts a session, or resumes the active one (`resumed`). */
  createSession(command: StartSession, options?: CallOptions): Promise<StartedSession> {
    return this.functions.call({ name: "start_session", body: command }, options);
  }

  /** The user's pack of the day, made once a day, or with `more` the next portion of one that is done. */
  dailyPack(command: DailyPackRequest = {}, options?: CallOptions): Promise<DailyPackReply> {
    return this.functions.call({ name: "daily_pack", body: command }, options);
  }

  updateSessionProgress(command: UpdateProgress, options?: CallOptions): Promise<UpdatedSession> {
    return this.functions.call({ name: "update_progress", body: command }, options);
  }

  completeSession(command: CompleteSession, options?: CallOptions): Promise<CompletedSession> {
    return this.functions.call({ name: "complete_session", body: command }, options);
  }

  /**
   * Reports that a question is wrong, for the session's teacher. It was answered in the session, and that is
   * stored. Another report of the question replaces the note.
   */
  reportQuestion(command: ReportQuestion, options?: CallOptions): Promise<ReportedQuestion> {
    return this.functions.call({ name: "report_question", body: command }, options);
  }

  /** One turn. Use the reply's `session_context` in the next one, and store it from time to time. */
  practiceTurn(context: SessionContext, input?: TurnInput, options?: CallOptions): Promise<Turn> {
    const body = { session_context: context, ...(input ? { input } : {}) };
    return this.functions.call({ name: "practice_turn", body }, options);
  }

  /**
   * One turn of an assignment with the policy strict. The same input for a `seq` has the same reply, so it may be
   * repeated; another one rejects with ANSWER_COMMITTED.
   */
  assignmentTurn(command: AssignmentTurn, options?: CallOptions): Promise<AssignmentTurnReply> {
    return this.functions.call({ name: "assignment_turn", body: command }, options);
  }

  /** The same turn, streamed. The last event is `done`; until then the previous context stays valid. */
  async *streamPracticeTurn(
    context: SessionContext,
    input?: TurnInput,
    options: CallOptions = {},
  ): AsyncGenerator<TurnEvent, void, undefined> {
    yield* turnEvents(await this.openTurn(context, input, options), options.signal);
  }

  /**
   * The same turn, whose events before `done` go to the listener as they come. The reply is that of
   * `practiceTurn`.
   *
   * A turn whose stream breaks off is repeated without a stream, unless `retries` is 0. That is safe,
   * because a turn stores nothing. A model may then write other content than the listener got: the
   * reply replaces what the listener got.
   */
  async watchPracticeTurn(
    context: SessionContext,
    input: TurnInput | undefined,
    onEvent: TurnListener,
    options: CallOptions = {},
  ): Promise<Turn> {
    const open = await this.openTurn(context, input, options);
    const messages: Message[] = [];
    try {
      for await (const event of turnEvents(open, options.signal)) {
        if (event.type === "done") return { session_context: event.session_context, messages, usage: event.usage };
        if (event.type === "message") messages.push(event.message);
        onEvent(event);
      }
      throw new Error("A stream ends with `done` or an error.");
    } catch (failure) {
      const isBroken = failure instanceof PracticeProblem && failure.reason === "UNAVAILABLE";
      if (!isBroken || !this.retries) throw failure;
      return this.practiceTurn(context, input, options);
    }
  }

  private openTurn(
    context: SessionContext,
    input: TurnInput | undefined,
    options: CallOptions,
  ): Promise<OpenResponse> {
    const run = { session_context: context, ...(input ? { input } : {}) };
    const body = { assistant_id: "practice_turn", input: run, stream_mode: ["updates", "custom"] };
    return this.functions.open({ name: "practice_turn", path: "/runs/stream", body }, options);
  }
}
