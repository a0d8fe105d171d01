/** Reads the answers of sessions: every answer is a document. */

import type { LoggedItem, PracticeSessionDriver, Session } from "practice-client";

import { requireNetwork } from "@/data/network";

/** Of one session. The client reads one document more, to know whether there are more. */
export const MOST_ANSWERS = 99;
const AT_ONCE = 4;

export interface Answers {
  items: LoggedItem[];
  /** Sessions that have more answers than were read. */
  cut: number;
}

interface Options {
  signal: AbortSignal;
  /** Called with the number of sessions read so far. */
  onRead: (done: number) => void;
}

export async function readAnswers(
  driver: PracticeSessionDriver,
  sessions: readonly Session[],
  { signal, onRead }: Options,
): Promise<Answers> {
  const waiting = sessions.map(({ session_id }) => session_id);
  const items: LoggedItem[] = [];
  let done = 0;
  let cut = 0;
  const readSome = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      requireNetwork();
      const page = await driver.sessions.items(id, { limit: MOST_ANSWERS });
      signal.throwIfAborted();
      items.push(...page.entries);
      cut += page.next ? 1 : 0;
      onRead((done += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readSome));
  return { items, cut };
}

/** Of each student the latest session that has answers, the latest first. */
export function latestWithAnswers(sessions: readonly Session[]): Session[] {
  const byStudent = new Map<string, Session>();
  for (const session of sessions) {
    const known = byStudent.get(session.student_id);
    if (session.total_questions > 0 && (!known || known.started_at < session.started_at))
      byStudent.set(session.student_id, session);
  }
  return [...byStudent.values()].sort((one, two) => two.started_at.localeCompare(one.started_at));
}
