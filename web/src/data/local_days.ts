/** A student's local days, as the functions count them: calendar days that begin at an hour of the night. */

/** Until the student has another. */
export const DAY_BEGINS = "04:00";

/** The local date of an instant, as "2026-03-02". Days begin at a time "HH:MM" in the time zone. */
export function localDate(at: Date, timezone: string, dayBegins = DAY_BEGINS): string {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  const day = Date.UTC(Number(of("year")), Number(of("month")) - 1, Number(of("day")));
  const isBefore = `${of("hour")}:${of("minute")}` < dayBegins;
  return new Date(day - (isBefore ? 86_400_000 : 0)).toISOString().slice(0, 10);
}
