import { useEffect, useRef } from "react";

/** Brings new feedback to the top, so that it is read before the next question below it. */
export function useScrollToNews(newsId: string | undefined): void {
  const seen = useRef(newsId);
  useEffect(() => {
    if (seen.current === newsId) return;
    seen.current = newsId;
    if (newsId) document.getElementById(newsId)?.scrollIntoView({ block: "start" });
  }, [newsId]);
}
