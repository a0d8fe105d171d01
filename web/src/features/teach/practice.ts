/** Facts about a set of sessions. */

import type { Session } from "practice-client";

export function isFinished({ status }: Session): boolean {
  return status === "completed";
}

export function countStudents(sessions: readonly Session[]): number {
  return new Set(sessions.map(({ student_id }) => student_id)).size;
}

/** The instant of the latest activity, undefined without a session. */
export function lastActivityOf(sessions: readonly Session[]): string | undefined {
  return sessions
    .map(({ last_activity_at }) => last_activity_at)
    .sort()
    .at(-1);
}
