import type { PracticeSessionDriver } from "./driver.js";
import { PracticeProblem } from "./problem.js";
import type {
  AssignmentTurn,
  Completion,
  DailyPackRequest,
  Message,
  Pack,
  Question,
  SessionContext,
  StartPractice,
  StoredSession,
  Summary,
  ToolCall,
  Turn,
  TurnInput,
  TurnListener,
} from "./types.js";

/** The content to show: concepts, feedback and hints, and the question that is to be answered next. */
export interface Presented {
  calls: ToolCall[];
  question: Question | undefined;
  /**
   * Another device continued first, and its state stays: the calls present its pending question, and
   * the last input of this device has no effect.
   */
  movedOn: boolean;
}

/** The state to continue from, that of another device or this one's, and why this one's is not stored. */
interface Stored {
  current: StoredSession;
  isElsewhere: boolean;
  error?: unknown;
}

/**
 * A session that a tutor runs, of the driver's user on any number of devices: it begins or resumes, and
 * each turn is stored before the next.
 *
 * Methods that are called at once take effect one after another, in the order of the calls.
 *
 * A method that rejects has left the practice as it was, so it may be called again: after a slip
 * (INVALID_ARGUMENT) with another answer, without a reply (UNAVAILABLE) with the same. After
 * SESSION_NOT_ACTIVE, SESSION_NOT_FOUND or CONTEXT_FORKED the session has ended elsewhere, and
 * `begin` begins another.
 */
export abstract class TutoredPractice {
  /** Whether the last turn is stored. If not, the next turn or the completion stores it too. */
  isStored = true;
  /** The error for which the last turn is not stored. */
  storingError: unknown;
  /** The server keeps the state: none is stored, nor sent. */
  protected isKeptByServer = false;
  private held: StoredSession | undefined;
  /** Settles when the last method called has ended: the next one begins with the state that it leaves. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(protected readonly driver: PracticeSessionDriver) {}

  /**
   * The state after the last turn: skills with their mastery, blocks, progress, and `degraded`, whether
   * the tutor goes on without its model. Undefined before the first.
   */
  get state(): StoredSession | undefined {
    return this.held;
  }

  /**
   * Resumes the active session as it is stored, or begins one and stores it.
   *
   * With a listener, here and in `take`, the turn is streamed: see `watchPracticeTurn` of the driver.
   */
  begin(onEvent?: TurnListener): Promise<Presented> {
    return this.serialise(async () => {
      const current = await this.findStored();
      return current ? this.present(current, false, onEvent) : this.start(onEvent);
    });
  }

  /**
   * Takes a turn and stores it. Where storing fails the turn stays, and `isStored` is false. It is
   * dropped where another device has continued (`movedOn`) or ended the session (which rejects).
   */
  take(input: TurnInput, onEvent?: TurnListener): Promise<Presented> {
    return this.serialise(async () => {
      const before = this.begun();
      const { session_context, messages } = await this.turn({ stored_session: before }, input, onEvent);
      const taken = session_context.stored_session;
      const { current, isElsewhere, ...failed } = await this.store(taken);
      if (isElsewhere) return this.present(current, true);
      this.hold(current, failed);
      return presented(messages, false);
    });
  }

  /** Ends the session with what is stored and, unless another device continued, the last turn. */
  complete(fields: Completion = {}): Promise<Summary> {
    return this.serialise(async () => {
      const stored_session = this.begun();
      const command = { ...fields, session_id: stored_session.session_id };
      if (this.isKeptByServer) return (await this.driver.completeSession(command)).summary;
      try {
        return (await this.driver.completeSession({ ...command, stored_session })).summary;
      } catch (failure) {
        if (!isProblem(failure, "CONTEXT_FORKED")) throw failure;
        return (await this.driver.completeSession(command)).summary;
      }
    });
  }

  /** Discards the session: it pays nothing, and `begin` begins another. */
  discard(): Promise<void> {
    return this.serialise(async () => {
      const { session_id } = this.begun();
      await this.driver.completeSession({ session_id, discard: true });
    });
  }

  /** Runs the step when all methods called before have ended, whether they rejected or not. */
  protected serialise<Result>(step: () => Promise<Result>): Promise<Result> {
    const result = this.last.then(step);
    this.last = result.catch(() => {});
    return result;
  }

  private async store(state: StoredSession): Promise<Stored> {
    const { session_id } = state;
    try {
      const { session } = await this.driver.updateSessionProgress({ session_id, stored_session: state });
      const current = session.stored_session ?? state;
      return { current, isElsewhere: current.seq !== state.seq };
    } catch (error) {
      if (isProblem(error, "SESSION_NOT_ACTIVE", "SESSION_NOT_FOUND")) throw error;
      if (!isProblem(error, "CONTEXT_FORKED")) return { current: state, isElsewhere: false, error };
      const current = await this.findStored();
      if (!current) throw error;
      return { current, isElsewhere: true };
    }
  }

  /** The state of the active session. */
  protected abstract findStored(): Promise<StoredSession | undefined>;

  /** Begins where no session is active. */
  protected abstract start(onEvent?: TurnListener): Promise<Presented>;

  /** Goes on from a stored state: its pending question is presented again. */
  protected async present(stored: StoredSession, movedOn: boolean, onEvent?: TurnListener): Promise<Presented> {
    const { session_context, messages } = await this.turn({ stored_session: stored }, undefined, onEvent);
    this.hold(session_context.stored_session);
    return presented(messages, movedOn);
  }

  protected turn(context: SessionContext, input: TurnInput | undefined, onEvent: TurnListener | undefined): Promise<Turn> {
    if (!onEvent) return this.driver.practiceTurn(context, input);
    return this.driver.watchPracticeTurn(context, input, onEvent);
  }

  protected hold(state: StoredSession, failed: Pick<Stored, "error"> = {}): void {
    this.held = state;
    this.isStored = !("error" in failed);
    this.storingError = failed.error;
  }

  protected begun(): StoredSession {
    if (!this.held) throw new Error("Call begin() first.");
    return this.held;
  }
}

/** Practice without end of one template, which the user owns, that is assigned to the user, or public. */
export class InfinitePractice extends TutoredPractice {
  constructor(
    driver: PracticeSessionDriver,
    private readonly templateId: string,
    private readonly options: Omit<StartPractice, "stored_session"> = {},
  ) {
    super(driver);
  }

  protected async findStored(): Promise<StoredSession | undefined> {
    const active = await this.driver.sessions.active(this.templateId, "infinite");
    return active?.stored_session ?? undefined;
  }

  protected async start(onEvent?: TurnListener): Promise<Presented> {
    const template = await this.driver.templates.read(this.templateId);
    const { session_context, messages } = await this.turn({ source_data: template }, undefined, onEvent);
    const begun = session_context.stored_session;
    const { session } = await this.driver.createSession({ ...this.options, stored_session: begun });
    const stored = session.stored_session ?? begun;
    // Another device began at the same time, and its session is the one that is stored.
    if (stored.session_id !== begun.session_id) return this.present(stored, true);
    this.hold(stored);
    return presented(messages, false);
  }
}

/**
 * The user's pack of the day. It ends: after the last question of a portion `question` is undefined, and
 * `complete` ends the session. Where nothing is to be practised `begin` presents nothing, and `state` is
 * undefined.
 */
export class DailyPractice extends TutoredPractice {
  /** The pack as it was when `begin` was called. */
  pack: Pack | undefined;

  constructor(
    driver: PracticeSessionDriver,
    private readonly options: DailyPackRequest = {},
  ) {
    super(driver);
  }

  protected async findStored(): Promise<StoredSession | undefined> {
    const { pack, stored_session } = await this.driver.dailyPack(this.options);
    this.pack = pack;
    return stored_session ?? undefined;
  }

  protected start(): Promise<Presented> {
    return Promise.resolve(presented([], false));
  }
}

/**
 * The user's work on an assignment of a class, which a tutor runs. `complete` hands it in; it is never discarded.
 * `begin` rejects with ASSIGNMENT_NOT_OPEN, ASSIGNMENT_CLOSED, or SESSION_NOT_ACTIVE once it is handed in.
 *
 * With the policy strict each answer counts as it was first given: another device's answer to the same question, or
 * one of an earlier page, is `movedOn`. The `seal` of its state is empty.
 */
export class AssignedPractice extends TutoredPractice {
  private sessionId = "";

  constructor(
    driver: PracticeSessionDriver,
    private readonly assignment: { class_id: string; assignment_id: string; timezone?: string },
  ) {
    super(driver);
  }

  override take(input: TurnInput, onEvent?: TurnListener): Promise<Presented> {
    if (!this.isKeptByServer) return super.take(input, onEvent);
    return this.serialise(async () => {
      const { session_id, seq } = this.begun();
      try {
        return await this.strictTurn({ session_id, seq, input }, false);
      } catch (failure) {
        if (!isProblem(failure, "ANSWER_COMMITTED", "REVISION_MISMATCH")) throw failure;
        return this.strictTurn({ session_id }, true);
      }
    });
  }

  protected async findStored(): Promise<StoredSession | undefined> {
    const { session } = await this.driver.createSession(this.assignment);
    this.isKeptByServer = session.assignment?.policy === "strict";
    this.sessionId = session.session_id;
    return session.stored_session ?? undefined;
  }

  protected start(): Promise<Presented> {
    if (!this.isKeptByServer) throw new Error("An assignment that is a checklist has no turns.");
    return this.strictTurn({ session_id: this.sessionId }, false);
  }

  private async strictTurn(command: AssignmentTurn, movedOn: boolean): Promise<Presented> {
    const { state, messages } = await this.driver.assignmentTurn(command);
    this.hold({ ...state, seal: "" });
    return presented(messages, movedOn);
  }
}

function presented(messages: Message[], movedOn: boolean): Presented {
  const calls = messages.flatMap((message) => (message.type === "ai" ? message.tool_calls : []));
  const last = calls.at(-1);
  return { calls, question: last?.name === "question_presentation" ? last.args.question : undefined, movedOn };
}

function isProblem(failure: unknown, ...reasons: PracticeProblem["reason"][]): boolean {
  return failure instanceof PracticeProblem && reasons.includes(failure.reason);
}
