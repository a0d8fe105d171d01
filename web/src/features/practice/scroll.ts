import { useEffect, useRef } from "react";

/**
 * Brings new feedback to the top, so that it is read before the next question below it. Once more when that
 * question has come: before, the page may be too short for it.
 */
export function useScrollToNews(newsId: string | undefined, pendingId: string | undefined): void {
  const first = useRef(newsId);
  useEffect(() => {
    if (!newsId || first.current === newsId) return;
    document.getElementById(newsId)?.scrollIntoView({ block: "start" });
  }, [newsId, pendingId]);
}
