import type { Session } from "practice-client";

import { useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";

/** Where a session goes on. */
export function workPath(session: Session): string {
  const { session_id, template_id, mode, pack, assignment } = session;
  if (pack) return "/daily";
  if (assignment && assignment.mode !== "checklist") return workPlace(session);
  return mode === "infinite" && template_id !== null ? `/practice/${template_id}` : `/session/${session_id}`;
}

/** The page of the assignment that a session works on. */
export function workPlace({ class_id, assignment_id }: Session): string {
  return `/assignments/${class_id}/${assignment_id}`;
}

/** How far a session is, in words: infinite practice has no end, so its answers are counted. */
export function useProgressText(): (session: Session) => string {
  const t = useMessages(sessionParts);
  return ({ mode, assignment, total_questions, items_completed, items_count }) =>
    mode === "infinite" || assignment?.mode === "infinite"
      ? t.answered(total_questions)
      : t.done(items_completed, items_count);
}
