import type { Session } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { sessions as texts } from "@/i18n/sessions";

/** The minutes that the learner noted, else the time that was measured, else what was planned. */
export function useDuration(): (session: Session) => string {
  const t = useMessages(texts);
  const format = useFormat();
  return ({ session_data, time_spent_seconds, duration_seconds }) => {
    const { actual_duration_minutes: actual, total_duration_minutes: planned } = session_data;
    if (actual != null) return format.minutes(actual);
    const seconds = time_spent_seconds ?? duration_seconds;
    if (seconds !== null) return format.duration(seconds);
    return planned == null ? t.unknown : t.planned(format.minutes(planned));
  };
}
