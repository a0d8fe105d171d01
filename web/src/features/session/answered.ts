import type { LoggedItem, PracticeSessionDriver, Session } from "practice-client";

import { questionsOf } from "./content";

type Items = PracticeSessionDriver["sessions"]["items"];

const LOG_PAGE = 200;

/**
 * The questions of a quiz that are answered or done. The log says it: the session has only their hashes.
 * Without network there are none; those of this visit are known all the same.
 */
export async function readAnswered(
  session: Session,
  items: (...given: Parameters<Items>) => ReturnType<Items>,
): Promise<string[]> {
  if (questionsOf(session.session_data).length === 0 || session.status !== "active") return [];
  const done = new Map<string, boolean>();
  let after: Parameters<Items>[1] = { limit: LOG_PAGE };
  try {
    for (;;) {
      const page = await items(session.session_id, after);
      for (const item of page.entries) note(done, item);
      if (!page.next) break;
      after = { limit: LOG_PAGE, after: page.next };
    }
  } catch {
    // What is read so far counts.
  }
  return [...done].filter(([, isDone]) => isDone).map(([nodeId]) => nodeId);
}

/** As the back end counts: an answer settles a question, else the latest report says it. */
function note(done: Map<string, boolean>, { node_id, correct, completed }: LoggedItem): void {
  if (correct !== null) done.set(node_id, true);
  else if (done.get(node_id) !== true || !completed) done.set(node_id, completed);
}
