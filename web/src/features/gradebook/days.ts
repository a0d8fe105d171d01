/** Calendar days, as ISO dates such as 2026-03-02, in the time zone of a student. */

import type { Session } from "practice-client";

const DAY_MS = 86_400_000;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The date and time on the clocks of a zone: "2026-03-02T17:00". A zone this browser does not know is UTC. */
export function localTime(instant: string, zone: string): string {
  // Swedish dates are ISO dates.
  return clockOf(zone).format(new Date(instant)).replace(" ", "T");
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const options = { dateStyle: "short", timeStyle: "short" } as const;
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: zone });
  } catch {
    clock = new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: "UTC" });
  }
  clocks.set(zone, clock);
  return clock;
}

/** The day on which practice ended, or was last stored: the one that counts for the streak. */
export function dayOf({ ended_at, last_activity_at, timezone }: Session): string {
  return localTime(ended_at ?? last_activity_at, timezone).slice(0, 10);
}

/** Whether it is in statistics: it has ended, and its student has not discarded it. */
export function isCounted({ status, end_reason }: Session): boolean {
  return status !== "active" && end_reason !== "discarded";
}

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);
}

/** The first day of the week that has this day. Weekdays are 1 Monday to 7 Sunday. */
export function weekOf(day: string, firstWeekday: number): string {
  const weekday = new Date(day).getUTCDay() || 7;
  return addDays(day, -((weekday - firstWeekday + 7) % 7));
}

/** "2026-03" and the months before and after it, by a count. */
export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

/** The weeks that have days of the month, each with its seven days. */
export function weeksOf(month: string, firstWeekday: number): string[][] {
  const weeks: string[][] = [];
  const after = `${addMonths(month, 1)}-01`;
  for (let first = weekOf(`${month}-01`, firstWeekday); first < after; first = addDays(first, 7))
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(first, index)));
  return weeks;
}

/** For the formats of dates, which show instants in the browser's zone: the noon of that day there. */
export function noonOf(day: string): string {
  return `${day}T12:00`;
}
