import type { Session } from "practice-client";

import { type Watching, useWatch } from "@/data/watch";

import { type News, newsOf } from "./roster";

interface Seen {
  sessions: Session[];
  news: News | null;
}

interface LiveSessions extends Omit<Watching<Seen>, "seen"> {
  sessions: Session[] | null;
  news: News | null;
}

/** The newest sessions of an own template as they change; null until they come, which they do not before `isReady`. */
export function useLiveSessions(templateId: string, limit: number, isReady: boolean): LiveSessions {
  const { seen, ...watching } = useWatch<Session[], Seen>(isReady ? templateId : null, {
    watch: async (backEnd, onChange, onError) => {
      const { watchTemplate } = await import("./live");
      return watchTemplate(backEnd, { template_id: templateId, limit }, onChange, onError);
    },
    see: (before, sessions) => {
      const news = before && newsOf(before.sessions, sessions);
      return { sessions, news: news ?? before?.news ?? null };
    },
  });
  return { ...watching, sessions: seen?.sessions ?? null, news: seen?.news ?? null };
}
