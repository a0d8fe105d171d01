import type { Session } from "practice-client";

import { addDays, dayOf, weekOf } from "./days";
import type { Origin } from "./shown";

export interface Week {
  /** Its first day. */
  week: string;
  minutes: Record<Origin, number>;
}

/** Every week from the first session to the last, those without practice too; at most the latest `most`. */
export function minutesByWeek(
  sessions: readonly Session[],
  firstWeekday: number,
  most: number,
): { weeks: Week[]; isCut: boolean } {
  const byWeek = new Map<string, Record<Origin, number>>();
  for (const session of sessions) {
    const week = weekOf(dayOf(session), firstWeekday);
    const seconds = byWeek.get(week) ?? { assigned: 0, self_practice: 0 };
    seconds[session.origin] += session.time_spent_seconds ?? 0;
    byWeek.set(week, seconds);
  }
  const practised = [...byWeek.keys()].sort();
  const [first, last] = [practised[0], practised.at(-1)];
  if (first === undefined || last === undefined) return { weeks: [], isCut: false };
  const begin = [first, addDays(last, -7 * (most - 1))].sort()[1] ?? first;
  const weeks: Week[] = [];
  for (let week = begin; week <= last; week = addDays(week, 7)) {
    const { assigned = 0, self_practice = 0 } = byWeek.get(week) ?? {};
    weeks.push({
      week,
      minutes: { assigned: Math.round(assigned / 60), self_practice: Math.round(self_practice / 60) },
    });
  }
  return { weeks, isCut: begin > first };
}
