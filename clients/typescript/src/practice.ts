import type { PracticeSessionDriver } from "./driver.js";
import { PracticeProblem } from "./problem.js";
import type {
  CompleteSession,
  Message,
  Question,
  StartPractice,
  StoredSession,
  Summary,
  ToolCall,
  TurnInput,
} from "./types.js";

/** What to show: concepts, feedback and hints, and the question that is to be answered next. */
export interface Presented {
  calls: ToolCall[];
  question: Question | undefined;
  /**
   * Another device had gone on before, and what it did is kept: the calls show where it is, and the
   * last input of this device has no effect.
   */
  movedOn: boolean;
}

/**
 * Infinite practice of one template by the driver's user, on any number of devices: it begins or
 * resumes, and each turn is stored before the next.
 *
 * A method that rejects has left the practice as it was, so it may be called again: after a slip
 * (INVALID_ARGUMENT) with another answer, without a reply (UNAVAILABLE) with the same. After
 * SESSION_NOT_ACTIVE, for a session that ended elsewhere, `begin` begins another.
 */
export class InfinitePractice {
  /** Whether the last turn is stored. If not, the next turn or the completion stores it too. */
  isStored = true;
  private state: StoredSession | undefined;

  constructor(
    private readonly driver: PracticeSessionDriver,
    private readonly templateId: string,
    private readonly options: Omit<StartPractice, "stored_session"> = {},
  ) {}

  /** Resumes the active session, or begins one and stores it. */
  async begin(): Promise<Presented> {
    const kept = await this.findStored();
    if (kept) return this.present(kept, false);
    const template = await this.driver.templates.read(this.templateId);
    const { session_context, messages } = await this.driver.practiceTurn({ source_data: template });
    const begun = session_context.stored_session;
    const { session } = await this.driver.createSession({ ...this.options, stored_session: begun });
    const stored = session.stored_session ?? begun;
    // Another device began at the same time, and its session is the one that is kept.
    if (stored.session_id !== begun.session_id) return this.present(stored, true);
    this.state = stored;
    return presented(messages, false);
  }

  /** Takes a turn and stores it. */
  async take(input: TurnInput): Promise<Presented> {
    const before = this.begun();
    const { session_context, messages } = await this.driver.practiceTurn({ stored_session: before }, input);
    this.state = session_context.stored_session;
    const elsewhere = await this.store(this.state);
    return elsewhere ? this.present(elsewhere, true) : presented(messages, false);
  }

  /** Ends the session with what is stored and, unless another device went on, the last turn. */
  async complete(fields: Omit<CompleteSession, "session_id" | "stored_session"> = {}): Promise<Summary> {
    const stored_session = this.begun();
    const command = { ...fields, session_id: stored_session.session_id };
    try {
      return (await this.driver.completeSession({ ...command, stored_session })).summary;
    } catch (failure) {
      if (!isProblem(failure, "CONTEXT_FORKED")) throw failure;
      return (await this.driver.completeSession(command)).summary;
    }
  }

  /** Stores the state. Returns the one that is kept instead, where another device has gone on. */
  private async store(state: StoredSession): Promise<StoredSession | undefined> {
    try {
      const { session_id } = state;
      const { session } = await this.driver.updateSessionProgress({ session_id, stored_session: state });
      this.isStored = true;
      const kept = session.stored_session ?? state;
      this.state = kept;
      return kept.seq === state.seq ? undefined : kept;
    } catch (failure) {
      if (isProblem(failure, "CONTEXT_FORKED")) return this.findStored();
      if (!isProblem(failure, "UNAVAILABLE")) throw failure;
      this.isStored = false;
      return undefined;
    }
  }

  private async findStored(): Promise<StoredSession | undefined> {
    const active = await this.driver.sessions.active(this.templateId, "infinite");
    return active?.stored_session ?? undefined;
  }

  /** Goes on from a stored state: its pending question is presented again. */
  private async present(stored: StoredSession, movedOn: boolean): Promise<Presented> {
    this.state = stored;
    this.isStored = true;
    const { session_context, messages } = await this.driver.practiceTurn({ stored_session: stored });
    this.state = session_context.stored_session;
    return presented(messages, movedOn);
  }

  private begun(): StoredSession {
    if (!this.state) throw new Error("Call begin() first.");
    return this.state;
  }
}

function presented(messages: Message[], movedOn: boolean): Presented {
  const calls = messages.flatMap((message) => (message.type === "ai" ? message.tool_calls : []));
  const last = calls.at(-1);
  return { calls, question: last?.name === "question_presentation" ? last.args.question : undefined, movedOn };
}

function isProblem(failure: unknown, reason: PracticeProblem["reason"]): boolean {
  return failure instanceof PracticeProblem && failure.reason === reason;
}
