import type { Session } from "practice-client";
import { useEffect, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { useIsOnline } from "@/data/network";

import { type News, newsOf } from "./roster";

interface Watched {
  templateId: string;
  sessions: Session[];
  news: News | null;
}

/**
 * The newest sessions of an own template as they change; null until they come, which they do not
 * before `isReady`. A watch that failed begins again with `retry`, or when the network returns.
 */
export function useLiveSessions(templateId: string, limit: number, isReady: boolean) {
  const backEnd = useBackEnd();
  const isOnline = useIsOnline();
  const [watched, setWatched] = useState<Watched | null>(null);
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!isReady || !isOnline) return;
    let stop: (() => void) | undefined;
    let isOver = false;
    const onChange = (sessions: Session[]) => {
      setError(undefined);
      setWatched((before) => {
        const known = before?.templateId === templateId ? before : null;
        const news = known && newsOf(known.sessions, sessions);
        return { templateId, sessions, news: news ?? known?.news ?? null };
      });
    };
    import("./live")
      .then(({ watchTemplate }) => {
        if (!isOver) stop = watchTemplate(backEnd, { template_id: templateId, limit }, onChange, setError);
      })
      .catch(setError);
    return () => {
      isOver = true;
      stop?.();
    };
  }, [backEnd, templateId, limit, isReady, isOnline, attempt]);
  const current = watched?.templateId === templateId ? watched : null;
  return {
    sessions: current?.sessions ?? null,
    news: current?.news ?? null,
    error,
    isOnline,
    retry: () => {
      setError(undefined);
      setAttempt((before) => before + 1);
    },
  };
}
