/** Local times of a time zone, as fields of date and time have them: "2026-03-09T17:00". */

/** The local time of an instant to the minute, "" without an instant. */
export function localTimeIn(timezone: string, instant: string | null): string {
  if (instant === null) return "";
  return new Date(wallClock(timezone, Date.parse(instant))).toISOString().slice(0, "2026-03-09T17:00".length);
}

/**
 * The instant of a local time, null without one. A time that the clocks leave out in spring is taken as one
 * before the change, and of a time that comes twice in autumn the first is meant.
 */
export function instantIn(timezone: string, local: string): string | null {
  const wall = Date.parse(`${local}Z`);
  if (!local || Number.isNaN(wall)) return null;
  // The offsets before and after any change near it.
  const offsets = [-DAY_MS, DAY_MS].map((near) => wallClock(timezone, wall + near) - (wall + near));
  const candidates = offsets.map((offset) => wall - offset);
  const found = candidates.filter((at) => wallClock(timezone, at) === wall);
  return new Date(Math.min(...(found.length ? found : candidates.slice(0, 1)))).toISOString();
}

const DAY_MS = 86_400_000;

/** What the clocks of the zone show at an instant, as if it were in UTC. */
function wallClock(timezone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}
