/** Reads the logs of sessions: every entry is a document. */

import type { Cursor, LoggedItem, PracticeSessionDriver } from "practice-client";

import { requireNetwork } from "./network";

const PAGE = 200;
/** So many logs are read at once. */
const AT_ONCE = 6;

interface Options {
  signal: AbortSignal;
  /** Called with the number of logs read so far. */
  onRead: (done: number) => void;
  /** Whether an error means that the log is not shown yet; by default none does. */
  isKept?: (error: unknown) => boolean;
}

/** The whole log of each session, in their order; an empty one where it is kept. */
export async function readLogs(
  driver: PracticeSessionDriver,
  sessionIds: readonly string[],
  { signal, onRead, isKept = () => false }: Options,
): Promise<LoggedItem[][]> {
  const logs: LoggedItem[][] = [];
  const waiting = [...sessionIds.entries()];
  let done = 0;
  const readSome = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, id] = next;
      logs[index] = await logOf(driver, id, signal).catch((error: unknown) => {
        if (isKept(error)) return [];
        throw error;
      });
      onRead((done += 1));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readSome));
  return logs;
}

async function logOf(driver: PracticeSessionDriver, id: string, signal: AbortSignal): Promise<LoggedItem[]> {
  const items: LoggedItem[] = [];
  let after: Cursor | null = null;
  do {
    requireNetwork();
    const page = await driver.sessions.items(id, { limit: PAGE, after });
    signal.throwIfAborted();
    items.push(...page.entries);
    after = page.next;
  } while (after);
  return items;
}
