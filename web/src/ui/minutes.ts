import { bounds } from "practice-client/bounds";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

/** Of a session and of its sections. */
const { minimum: LEAST, maximum: MOST } = bounds.SessionContent.actual_duration_minutes;

/** null for an empty text, NaN for what is no number. A comma is a decimal point too. */
export function minutesIn(text: string): number | null {
  return text.trim() === "" ? null : Number(text.trim().replace(",", "."));
}

/** What is wrong with minutes as they are typed, in words; undefined where nothing is. */
export function useMinutesProblem(): (text: string) => string | undefined {
  const words = useMessages(common);
  return (text) => {
    const minutes = minutesIn(text);
    if (minutes === null) return undefined;
    if (!Number.isFinite(minutes)) return words.notANumber;
    if (minutes < LEAST) return words.atLeast(LEAST);
    return minutes > MOST ? words.atMost(MOST) : undefined;
  };
}
