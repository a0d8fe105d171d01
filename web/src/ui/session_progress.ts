import type { Session } from "practice-client";

import { useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";

/** Where a session goes on. */
export function workPath({ session_id, template_id, mode, pack }: Session): string {
  if (pack) return "/daily";
  return mode === "infinite" && template_id !== null ? `/practice/${template_id}` : `/session/${session_id}`;
}

/** How far a session is, in words: infinite practice has no end, so its answers are counted. */
export function useProgressText(): (session: Session) => string {
  const t = useMessages(sessionParts);
  return ({ mode, total_questions, items_completed, items_count }) =>
    mode === "infinite" ? t.answered(total_questions) : t.done(items_completed, items_count);
}
