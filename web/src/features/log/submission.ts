import { PracticeProblem, type PracticeSessionDriver, type Session } from "practice-client";
import { bounds } from "practice-client/bounds";

import type { LocalRecord } from "@/data/local_record";
import { requireNetwork, runLater } from "@/data/network";

import type { Requests } from "./values";

/** Kept in the browser until everything is stored: a page that is opened later goes on with it. */
export interface Submission {
  keys: { start: string; items: string; complete: string };
  requests: Requests;
  /** The session, as soon as it is begun. */
  sessionId: string | null;
  /** Whether the start was sent without a reply: it may have begun the session. */
  isUncertain: boolean;
}

export type SubmissionState =
  | { phase: "idle" }
  | { phase: "sending" }
  /** Without network, or without a reply; `canChange` where nothing has begun. */
  | { phase: "waiting"; error: unknown; canChange: boolean; isHalfway: boolean }
  /** Refused: nothing has begun. */
  | { phase: "refused"; error: unknown }
  /** A session of the template is under way: it must not be overwritten. */
  | { phase: "conflict"; session: Session }
  | { phase: "ended" }
  | { phase: "stored"; sessionId: string };

/** The phases in which the form can't be changed. */
export const FROZEN: readonly SubmissionState["phase"][] = ["sending", "waiting", "ended", "stored"];

type Driver = Pick<PracticeSessionDriver, "createSession" | "updateSessionProgress" | "completeSession">;

const MOST_ITEMS = bounds.UpdateProgress.items.maxItems;

/**
 * Stores a practice in three requests: start, what was done, completion. Each has a key that is kept,
 * so that a repetition takes effect once, and goes on where it stopped.
 */
export class Submitting {
  private state: SubmissionState = { phase: "idle" };
  private readonly listeners = new Set<() => void>();
  private isSending = false;
  private failures = 0;
  private cancelNext: () => void = () => undefined;

  constructor(
    private readonly driver: Driver,
    private readonly record: LocalRecord<Submission | null>,
    /** What was typed; removed as soon as it is stored, also where the page was left by then. */
    private readonly draft: { remove: (stored: Requests) => void },
    private readonly newKey: () => string = () => crypto.randomUUID(),
  ) {
    if (record.read()) this.state = { phase: "sending" };
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = () => this.state;

  attach(): () => void {
    if (this.record.read()) this.retry();
    const unsubscribe = this.record.subscribe(() => this.follow());
    return () => {
      unsubscribe();
      this.cancelNext();
    };
  }

  /** What another tab submits is sent by this one too, under the same keys; what it withdraws is not. */
  private follow(): void {
    const isFrozen = FROZEN.includes(this.state.phase);
    const isSubmitted = this.record.read() !== null;
    if (isSubmitted && !isFrozen) this.retry();
    else if (!isSubmitted && isFrozen && !this.isSending) this.withdraw();
  }

  submit(requests: Requests): void {
    const keys = { start: this.newKey(), items: this.newKey(), complete: this.newKey() };
    this.record.change((kept) => kept ?? { keys, requests, sessionId: null, isUncertain: false });
    void this.send();
  }

  readonly retry = () => void this.send();

  /** Back to the form, where nothing has begun. */
  withdraw(): void {
    this.cancelNext();
    this.record.change(() => null);
    this.set({ phase: "idle" });
  }

  /** As a new session, after the begun one was ended elsewhere. */
  submitAgain(): void {
    const kept = this.record.read();
    this.withdraw();
    if (kept) this.submit(kept.requests);
  }

  private async send(): Promise<void> {
    this.cancelNext();
    if (this.isSending || !this.record.read()) return;
    this.isSending = true;
    this.set({ phase: "sending" });
    try {
      requireNetwork();
      await this.sendAll();
    } catch (problem) {
      this.fail(problem);
    } finally {
      this.isSending = false;
    }
  }

  private async sendAll(): Promise<void> {
    const kept = this.record.read();
    if (!kept) return;
    const session_id = kept.sessionId ?? (await this.start(kept));
    if (session_id === null) return;
    const { keys, requests } = kept;
    for (let begin = 0; begin < requests.items.length; begin += MOST_ITEMS) {
      const items = requests.items.slice(begin, begin + MOST_ITEMS);
      const idempotencyKey = `${keys.items}-${begin}`;
      await this.driver.updateSessionProgress({ session_id, items }, { idempotencyKey });
    }
    const command = { ...requests.complete, session_id };
    await this.driver.completeSession(command, { idempotencyKey: keys.complete });
    this.draft.remove(requests);
    this.record.change(() => null);
    this.set({ phase: "stored", sessionId: session_id });
  }

  /** null where a session of the template is under way. */
  private async start({ keys, requests }: Submission): Promise<string | null> {
    this.record.change((kept) => kept && { ...kept, isUncertain: true });
    const reply = await this.driver.createSession(requests.start, { idempotencyKey: keys.start });
    const { session, resumed } = reply;
    if (resumed) {
      this.record.change(() => null);
      this.set({ phase: "conflict", session });
      return null;
    }
    const { session_id } = session;
    this.record.change((kept) => kept && { ...kept, sessionId: session_id });
    return session_id;
  }

  private fail(error: unknown): void {
    const kept = this.record.read();
    const reason = error instanceof PracticeProblem ? error.reason : undefined;
    const isHalfway = kept?.sessionId != null;
    if (reason === "SESSION_NOT_ACTIVE") {
      this.set({ phase: "ended" });
      return;
    }
    // A refusal changes nothing; without a reply, the start may have taken effect.
    const isRefused = reason !== undefined && reason !== "UNAVAILABLE" && reason !== "INTERNAL";
    if (isRefused && !isHalfway) {
      this.record.change(() => null);
      this.set({ phase: "refused", error });
      return;
    }
    this.set({ phase: "waiting", error, canChange: !isHalfway && !kept?.isUncertain, isHalfway });
    this.cancelNext = runLater(this.retry, this.failures);
    this.failures += 1;
  }

  private set(state: SubmissionState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
