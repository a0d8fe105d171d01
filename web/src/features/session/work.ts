import { PracticeProblem, type Session } from "practice-client";

import { isWithoutReply, requireNetwork, runLater } from "@/data/network";

import { readAnswered } from "./answered";
import type { KeptSession } from "./kept";
import {
  type Finish,
  type Item,
  NOTHING,
  type Pending,
  hasEdits,
  hasUnsaved,
  isEmpty,
  rebase,
  settlesQuestion,
  storedNotes,
} from "./pending";
import { type Driver, type Reply, isCompletedBy, sendEdits, sendFinish, sendReport } from "./requests";

export type Saving = "saved" | "saving" | "waiting";

export interface WorkState {
  /** As it was read or replied last. */
  session: Session;
  pending: Pending;
  /** The questions that are answered or done, acknowledged or not. */
  answered: ReadonlySet<string>;
  saving: Saving;
  /** Why something is not saved; undefined where it is only the network. */
  error: unknown;
  /** Whether it ended while this page showed it as active, and not by this page. */
  endedElsewhere: boolean;
}

const TYPING_PAUSE_MS = 1_200;

/**
 * A checklist session at work. What is done and typed is kept in the browser first, then sent: the
 * reports one by one under their keys, then the edits with the revision that they are based on, then
 * the completion. It goes on by itself when the network is back.
 */
export class SessionWork {
  private state: WorkState;
  private readonly listeners = new Set<() => void>();
  private isSending = false;
  /** Since something was saved last. */
  private failures = 0;
  private cancelNext: () => void = () => undefined;
  private logged: ReadonlySet<string> = new Set();
  private isDiscarding = false;

  constructor(
    private readonly driver: Driver,
    private readonly kept: KeptSession,
    session: Session,
    private readonly newKey: () => string = () => crypto.randomUUID(),
  ) {
    this.state = {
      session,
      pending: this.readKept(),
      answered: new Set(),
      saving: "saved",
      error: undefined,
      endedElsewhere: false,
    };
    const isLeft = !isEmpty(this.state.pending);
    if (isLeft) this.state.saving = "waiting";
    if (session.status !== "active") this.settleEnd(this.isOwnEnd(), isLeft);
    this.updateAnswered();
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = () => this.state;

  /** Sends what an earlier visit left, and goes on when the tab is looked at or left. */
  attach(): () => void {
    const resume = () => void this.send();
    const unsubscribe = this.kept.pending.subscribe(() => {
      this.set({ pending: this.readKept() });
      this.updateAnswered();
    });
    addEventListener("pagehide", resume);
    document.addEventListener("visibilitychange", resume);
    void readAnswered(this.state.session, (...given) => this.driver.sessions.items(...given)).then(
      (found) => {
        this.logged = new Set([...this.logged, ...found]);
        this.updateAnswered();
      },
    );
    resume();
    return () => {
      removeEventListener("pagehide", resume);
      unsubscribe();
      document.removeEventListener("visibilitychange", resume);
      // What was typed last is sent although the page is left.
      resume();
    };
  }

  /**
   * A session that was read, or with `isOwn` the reply to a request of this page. An older one than that of
   * the last reply is of no use.
   */
  accept(session: Session, isOwn?: boolean): void {
    const known = this.state.session;
    if (session === known || session.revision < known.revision) return;
    this.set({ session });
    if (known.status === "active" && session.status !== "active")
      this.settleEnd(isOwn ?? this.isOwnEnd(), true);
  }

  report(item: Item): void {
    this.change((now) => ({ ...now, reports: [...now.reports, { key: this.newKey(), item }] }));
    void this.send();
  }

  /** `key` is that of the exercise, or "" for the session's notes. */
  write(key: string, text: string): void {
    const stored = storedNotes(this.state.session.session_data, key);
    this.change((now) => {
      const base = now.notes[key]?.base ?? stored;
      return { ...now, notes: { ...now.notes, [key]: { base, text } } };
    });
    this.set({ saving: this.state.saving === "waiting" ? "waiting" : "saving" });
    this.cancelNext();
    const pause = setTimeout(this.retry, TYPING_PAUSE_MS);
    this.cancelNext = () => clearTimeout(pause);
  }

  /** Actual minutes of sections, and then the completion. */
  finish(minutes: Pending["minutes"], command: Finish["command"]): void {
    this.change((now) => ({
      ...now,
      minutes: { ...now.minutes, ...minutes },
      finish: { key: this.newKey(), command },
    }));
    void this.send();
  }

  /** Back to work, where the completion was not sent yet. */
  withdrawFinish(): void {
    this.change((now) => ({ ...now, finish: null }));
  }

  /**
   * Rejects with PracticeProblem. What is not saved yet is given up with the session. Where it has ended
   * otherwise in the meantime, that is shown.
   */
  async discard(): Promise<void> {
    const { session_id } = this.state.session;
    this.isDiscarding = true;
    try {
      const { session } = await this.driver.completeSession({ session_id, discard: true });
      this.accept(session, true);
    } catch (problem) {
      if (!isNotActive(problem)) throw problem;
      this.accept(await this.driver.sessions.read(session_id));
    }
  }

  /** Removes what was refused, once the person has what they need of it. */
  forgetRefused(): void {
    this.change((now) => ({ ...now, refused: [] }));
  }

  /** Removes what can't be stored any more because the session has ended. */
  forget(): void {
    this.kept.forgetAll();
    this.clear();
  }

  readonly retry = () => void this.send();

  private readKept(): Pending {
    return { ...NOTHING, ...this.kept.pending.read() };
  }

  private clear(): void {
    this.cancelNext();
    this.set({ pending: NOTHING, saving: "saved", error: undefined });
  }

  /** Whether the session ended by what this page has sent, perhaps without a reply. */
  private isOwnEnd(): boolean {
    const { session, pending } = this.state;
    if (session.end_reason === "discarded") return this.isDiscarding;
    return pending.finish !== null && isCompletedBy(pending.finish, session);
  }

  /** Keeps nothing of a session that has ended but what could not be saved. */
  private settleEnd(isOwn: boolean, isNews: boolean): void {
    this.set({ endedElsewhere: !isOwn && isNews });
    const { session, pending } = this.state;
    if (isOwn && session.end_reason === "discarded") this.forget();
    else if (hasUnsaved(pending)) return;
    else if (isOwn) this.forget();
    else {
      this.kept.forgetWork();
      this.clear();
    }
  }

  private async send(): Promise<void> {
    this.cancelNext();
    if (this.isSending) return;
    this.isSending = true;
    try {
      while (this.state.session.status === "active" && !isEmpty(this.state.pending)) {
        requireNetwork();
        this.set({ saving: "saving", error: undefined });
        await this.sendNext(this.state.pending);
        this.failures = 0;
      }
      this.set({ saving: isEmpty(this.state.pending) ? "saved" : "waiting", error: undefined });
    } catch (problem) {
      this.wait(problem);
    } finally {
      this.isSending = false;
    }
  }

  private async sendNext(pending: Pending): Promise<void> {
    try {
      this.take(await this.request(pending), pending);
    } catch (problem) {
      const isOld = problem instanceof PracticeProblem && problem.reason === "REVISION_MISMATCH";
      if (!isOld && !isNotActive(problem)) throw problem;
      // Read what the other device stored; the loop then tries again over it, or ends.
      this.accept(await this.driver.sessions.read(this.state.session.session_id));
      if (this.state.session.status !== "active") this.set({ endedElsewhere: true });
    }
  }

  private request(pending: Pending): Promise<Reply> {
    const { driver, newKey } = this;
    const { session } = this.state;
    const [report] = pending.reports;
    if (report) return sendReport(driver, session, report, newKey);
    if (!hasEdits(pending) && pending.finish) return sendFinish(driver, session, pending.finish);
    // The merged texts are shown before they are sent: what is typed on meanwhile builds on them.
    const sent = this.change((now) => rebase(now, session.session_data));
    return sendEdits(driver, session, sent, newKey);
  }

  private take({ session, step }: Reply, sent: Pending): void {
    const item = session && sent.reports[0]?.item;
    if (item && settlesQuestion(item)) this.logged = new Set([...this.logged, item.node_id]);
    // Before the change: it shows the session without what is acknowledged.
    if (session) this.accept(session, true);
    this.change(step);
  }

  private wait(problem: unknown): void {
    const askedSeconds = (problem instanceof PracticeProblem && problem.retryAfterSeconds) || 0;
    this.set({ saving: "waiting", error: isWithoutReply(problem) ? undefined : problem });
    this.cancelNext();
    this.cancelNext = runLater(this.retry, this.failures, askedSeconds * 1_000);
    this.failures += 1;
  }

  private change(step: (pending: Pending) => Pending): Pending {
    const pending = this.kept.pending.change((stored) => step({ ...NOTHING, ...stored }));
    this.set({ pending });
    this.updateAnswered();
    return pending;
  }

  private updateAnswered(): void {
    const reported = this.state.pending.reports.filter(({ item }) => settlesQuestion(item));
    this.set({ answered: new Set([...this.logged, ...reported.map(({ item }) => item.node_id)]) });
  }

  private set(change: Partial<WorkState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function isNotActive(problem: unknown): boolean {
  return problem instanceof PracticeProblem && problem.reason === "SESSION_NOT_ACTIVE";
}
