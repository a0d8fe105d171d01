/** The requests of a session at work. Each tells what its reply changes in what is pending. */

import { PracticeProblem, type PracticeSessionDriver, type Session } from "practice-client";

import { type Finish, type Pending, type Report, acknowledge, changeOf, setAside } from "./pending";

export type Driver = Pick<PracticeSessionDriver, "updateSessionProgress" | "completeSession"> & {
  sessions: Pick<PracticeSessionDriver["sessions"], "read" | "items">;
};

export interface Reply {
  /** As it is stored now; undefined where nothing was stored. */
  session?: Session;
  step: (now: Pending) => Pending;
}

/** Refusals after which the same request may succeed, or the session is to be read anew. */
const TEMPORARY: readonly PracticeProblem["reason"][] = [
  "UNAVAILABLE",
  "RATE_LIMITED",
  "INTERNAL",
  "UNAUTHENTICATED",
  "REVISION_MISMATCH",
  "SESSION_NOT_ACTIVE",
];

function isFinal(problem: unknown): problem is PracticeProblem {
  return problem instanceof PracticeProblem && !TEMPORARY.includes(problem.reason);
}

/** A report that is refused for good is set aside: the others and the completion may not wait for it. */
export async function sendReport(
  driver: Driver,
  { session_id }: Session,
  report: Report,
  newKey: () => string,
): Promise<Reply> {
  const { key, item } = report;
  const replace = (now: Pending, by: Report[]): Pending => ({
    ...now,
    reports: now.reports.flatMap((other) => (other.key === key ? by : [other])),
  });
  try {
    const command = { session_id, items: [item] };
    const { session } = await driver.updateSessionProgress(command, { idempotencyKey: key });
    return { session, step: (now) => replace(now, []) };
  } catch (problem) {
    if (!isFinal(problem)) throw problem;
    if (problem.reason !== "INVALID_ARGUMENT" || item.extra)
      return { step: (now) => setAside(now, { report }, problem) };
    // The exercise was removed elsewhere, perhaps: what was done is logged beside the exercises.
    const extra = { key: newKey(), item: { ...item, extra: true } };
    return { step: (now) => replace(now, [extra]) };
  }
}

/**
 * `sent` are the edits over the session. Where they are refused for good, they stay to be corrected, unless
 * the session is being finished: it may not wait for them.
 */
export async function sendEdits(
  driver: Driver,
  { session_id, revision, session_data }: Session,
  sent: Pending,
  newKey: () => string,
): Promise<Reply> {
  try {
    const { session } = await driver.updateSessionProgress(
      { session_id, revision, session_data: changeOf(sent, session_data) },
      { idempotencyKey: newKey() },
    );
    return { session, step: (now) => acknowledge(now, sent) };
  } catch (problem) {
    if (!sent.finish || !isFinal(problem)) throw problem;
    const key = newKey();
    return { step: (now) => setAside(now, { edits: sent, key }, problem) };
  }
}

export async function sendFinish(
  driver: Driver,
  { session_id }: Session,
  { key, command }: Finish,
): Promise<Reply> {
  const { session } = await driver.completeSession({ ...command, session_id }, { idempotencyKey: key });
  return { session, step: (now) => ({ ...now, finish: null }) };
}

/** Whether the completion led to this session, although its reply was lost. */
export function isCompletedBy({ command }: Finish, { status, session_data: stored }: Session): boolean {
  const { focus_score, energy_level, actual_duration_minutes } = command;
  const given = Object.entries({ focus_score, energy_level, actual_duration_minutes });
  return (
    status === "completed" && given.every(([name, value]) => value === undefined || stored[name] === value)
  );
}
