import { type LoggedItem, PracticeProblem, type PracticeSessionDriver, type Session } from "practice-client";

import type { LocalRecord } from "@/data/local_record";
import { isWithoutReply, requireNetwork, runLater } from "@/data/network";

import { questionsOf } from "./content";
import {
  type Finish,
  type Item,
  NOTHING,
  type Pending,
  acknowledge,
  changeOf,
  hasEdits,
  isEmpty,
  rebase,
  settlesQuestion,
  storedNotes,
} from "./pending";

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
const LOG_PAGE = 200;

type Driver = Pick<PracticeSessionDriver, "updateSessionProgress" | "completeSession"> & {
  sessions: Pick<PracticeSessionDriver["sessions"], "read" | "items">;
};

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

  constructor(
    private readonly driver: Driver,
    private readonly record: LocalRecord<Pending>,
    session: Session,
    private readonly newKey: () => string = () => crypto.randomUUID(),
  ) {
    this.state = {
      session,
      pending: { ...NOTHING, ...record.read() },
      answered: new Set(),
      saving: "saved",
      error: undefined,
      endedElsewhere: false,
    };
    if (!isEmpty(this.state.pending)) this.state.saving = "waiting";
    this.settleEnded();
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
    const shared = () => this.set({ pending: { ...NOTHING, ...this.record.read() } });
    addEventListener("pagehide", resume);
    addEventListener("storage", shared);
    document.addEventListener("visibilitychange", resume);
    void this.readAnswered();
    resume();
    return () => {
      removeEventListener("pagehide", resume);
      removeEventListener("storage", shared);
      document.removeEventListener("visibilitychange", resume);
      // What was typed last is sent although the page is left.
      resume();
    };
  }

  /** A read of the session; an older one than that of the last reply is of no use. */
  accept(session: Session): void {
    const { session: known, endedElsewhere } = this.state;
    if (session === known || session.revision < known.revision) return;
    const ended = known.status === "active" && session.status !== "active";
    this.set({ session, endedElsewhere: endedElsewhere || (ended && !this.isFinishing()) });
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

  /** Rejects with PracticeProblem. What is not saved yet is given up with the session. */
  async discard(): Promise<void> {
    const { session } = await this.driver.completeSession({
      session_id: this.state.session.session_id,
      discard: true,
    });
    this.forget();
    this.set({ session, endedElsewhere: false });
  }

  /** Removes what can't be stored any more because the session has ended. */
  forget(): void {
    this.cancelNext();
    this.record.remove();
    this.set({ pending: NOTHING, saving: "saved", error: undefined });
  }

  readonly retry = () => void this.send();

  private isFinishing(): boolean {
    return this.state.pending.finish !== null;
  }

  /** Whether a completion of this page took effect although its reply was lost. */
  private settleEnded(): void {
    const { session, pending } = this.state;
    if (session.status === "active") return;
    const isOwn = pending.finish !== null && isCompletedBy(pending.finish, session);
    if (isEmpty({ ...pending, finish: null }) && (isOwn || !pending.finish)) this.forget();
    else this.set({ endedElsewhere: true });
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
      this.settleEnded();
    } catch (problem) {
      this.wait(problem);
    } finally {
      this.isSending = false;
    }
  }

  private async sendNext(pending: Pending): Promise<void> {
    try {
      if (pending.reports[0]) await this.sendReport(pending.reports[0]);
      else if (hasEdits(pending)) await this.sendEdits();
      else if (pending.finish) await this.sendFinish(pending.finish);
    } catch (problem) {
      const reason = problem instanceof PracticeProblem ? problem.reason : undefined;
      // Read what the other device stored; the loop then tries again over it, or ends.
      if (reason !== "REVISION_MISMATCH" && reason !== "SESSION_NOT_ACTIVE") throw problem;
      const session = await this.driver.sessions.read(this.state.session.session_id);
      if (reason === "SESSION_NOT_ACTIVE" && session.status !== "active") {
        this.set({ session, endedElsewhere: true });
        return;
      }
      this.accept(session);
    }
  }

  private async sendReport({ key, item }: Pending["reports"][number]): Promise<void> {
    const { session_id } = this.state.session;
    try {
      const command = { session_id, items: [item] };
      const { session } = await this.driver.updateSessionProgress(command, { idempotencyKey: key });
      this.accept(session);
      if (settlesQuestion(item)) this.logged = new Set([...this.logged, item.node_id]);
      this.change((now) => ({ ...now, reports: now.reports.filter((report) => report.key !== key) }));
    } catch (problem) {
      const isGone = problem instanceof PracticeProblem && problem.reason === "INVALID_ARGUMENT";
      if (!isGone || item.extra) throw problem;
      // The exercise was removed elsewhere: what was done is logged beside the exercises.
      const extra = { key: this.newKey(), item: { ...item, extra: true } };
      this.change((now) => ({
        ...now,
        reports: now.reports.map((report) => (report.key === key ? extra : report)),
      }));
    }
  }

  private async sendEdits(): Promise<void> {
    const { session } = this.state;
    // The merged texts are shown before they are sent: what is typed on meanwhile builds on them.
    const sent = this.change((now) => rebase(now, session.session_data));
    const reply = await this.driver.updateSessionProgress(
      {
        session_id: session.session_id,
        revision: session.revision,
        session_data: changeOf(sent, session.session_data),
      },
      { idempotencyKey: this.newKey() },
    );
    this.accept(reply.session);
    this.change((now) => acknowledge(now, sent));
  }

  private async sendFinish({ key, command }: Finish): Promise<void> {
    const { session_id } = this.state.session;
    const reply = await this.driver.completeSession({ ...command, session_id }, { idempotencyKey: key });
    this.accept(reply.session);
    this.change((now) => ({ ...now, finish: null }));
  }

  private wait(problem: unknown): void {
    const askedSeconds = (problem instanceof PracticeProblem && problem.retryAfterSeconds) || 0;
    this.set({ saving: "waiting", error: isWithoutReply(problem) ? undefined : problem });
    this.cancelNext();
    this.cancelNext = runLater(this.retry, this.failures, askedSeconds * 1_000);
    this.failures += 1;
  }

  /** The log of a quiz says which questions are answered: the session has only their hashes. */
  private async readAnswered(): Promise<void> {
    const { session } = this.state;
    if (questionsOf(session.session_data).length === 0 || session.status !== "active") return;
    const done = new Map<string, boolean>();
    let after: Parameters<Driver["sessions"]["items"]>[1] = { limit: LOG_PAGE };
    try {
      for (;;) {
        const page = await this.driver.sessions.items(session.session_id, after);
        for (const item of page.entries) note(done, item);
        if (!page.next) break;
        after = { limit: LOG_PAGE, after: page.next };
      }
    } catch {
      // Without network the questions of this visit are known at least.
    }
    const found = [...done].filter(([, isDone]) => isDone).map(([nodeId]) => nodeId);
    this.logged = new Set([...this.logged, ...found]);
    this.updateAnswered();
  }

  private change(step: (pending: Pending) => Pending): Pending {
    const pending = this.record.change((stored) => step({ ...NOTHING, ...stored }));
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

function isCompletedBy({ command }: Finish, { status, session_data: stored }: Session): boolean {
  const { focus_score, energy_level, actual_duration_minutes } = command;
  const given = Object.entries({ focus_score, energy_level, actual_duration_minutes });
  return (
    status === "completed" && given.every(([name, value]) => value === undefined || stored[name] === value)
  );
}

/** As the back end counts: an answer settles a question, else the latest report says it. */
function note(done: Map<string, boolean>, { node_id, correct, completed }: LoggedItem): void {
  if (correct !== null) done.set(node_id, true);
  else if (done.get(node_id) !== true || !completed) done.set(node_id, completed);
}
