/** Who has begun a template and who has finished it, from its sessions. */

import type { Session } from "practice-client";

import { grouped } from "./grouped";

export type State = "began" | "finished" | "stopped" | "never" | "unknown";
export const STATES: readonly State[] = ["began", "finished", "stopped", "never", "unknown"];

export interface Row {
  uid: string;
  state: State;
  /** The one to show: the latest that is finished, or else the latest; null without any. */
  session: Session | null;
  /** At work on another session after having finished one. */
  isAgainAtWork: boolean;
  isAssigned: boolean;
}

/**
 * A row for each student: those at work first, the latest of them first, those who never began last.
 * `isWhole`: the sessions are all that there are; if not, nobody is said to have never begun.
 */
export function rosterOf(students: readonly string[], sessions: readonly Session[], isWhole: boolean): Row[] {
  const assigned = new Set(students);
  const byStudent = grouped(newestFirst(sessions), ({ student_id }) => student_id);
  const uids = new Set([...students, ...byStudent.keys()]);
  const rows = [...uids].map<Row>((uid) => {
    const own = byStudent.get(uid) ?? [];
    const finished = own.find(({ status }) => status === "completed");
    const current = own.find(({ status }) => status === "active");
    const session = finished ?? current ?? own[0] ?? null;
    const state = finished
      ? "finished"
      : current
        ? "began"
        : session
          ? "stopped"
          : isWhole
            ? "never"
            : "unknown";
    const isAgainAtWork = finished !== undefined && current !== undefined;
    return { uid, state, session, isAgainAtWork, isAssigned: assigned.has(uid) };
  });
  return rows.sort(
    (one, two) =>
      STATES.indexOf(one.state) - STATES.indexOf(two.state) ||
      (two.session?.last_activity_at ?? "").localeCompare(one.session?.last_activity_at ?? ""),
  );
}

function newestFirst(sessions: readonly Session[]): Session[] {
  return [...sessions].sort((one, two) => two.started_at.localeCompare(one.started_at));
}

/**
 * The newest sessions as they are watched, at most `limit`, before those that were read earlier. A
 * session that the watched ones lack, though it would be among them, is no longer there.
 */
export function merged(
  watched: readonly Session[] | null,
  read: readonly Session[],
  limit: number,
): Session[] {
  if (watched === null) return [...read];
  const last = watched.at(-1);
  if (watched.length < limit || last === undefined) return [...watched];
  const ids = new Set(watched.map(({ session_id }) => session_id));
  const older = read.filter(
    ({ session_id, started_at }) => started_at <= last.started_at && !ids.has(session_id),
  );
  return [...watched, ...older];
}

export interface News {
  uid: string;
  kind: "beganNow" | "finishedNow";
}

/** What is new in the sessions since they were seen before: the last of it. */
export function newsOf(before: readonly Session[], after: readonly Session[]): News | null {
  const known = new Map(before.map(({ session_id, status }) => [session_id, status]));
  for (const { session_id, student_id: uid, status } of after) {
    const was = known.get(session_id);
    if (status === "completed" && was !== "completed") return { uid, kind: "finishedNow" };
    if (status === "active" && was === undefined) return { uid, kind: "beganNow" };
  }
  return null;
}
