/** Dates, numbers and durations as people of a locale write them. Instants are RFC 3339 texts. */
export interface Format {
  /** "2 Mar 2026" */
  date: (instant: string | Date) => string;
  /** "2 Mar" */
  dayMonth: (instant: string | Date) => string;
  /** "2 Mar 2026, 17:00" */
  dateTime: (instant: string | Date) => string;
  /** "2 Mar 2026, 17:00" on the clocks of a time zone, which is named where it differs from the browser's. */
  dateTimeIn: (timezone: string, instant: string | Date) => string;
  /** "3 days ago", "in 2 hours", relative to now. */
  relative: (instant: string | Date, now?: Date) => string;
  number: (value: number, options?: Intl.NumberFormatOptions) => string;
  /** "85 %" from 85. */
  percent: (percent: number) => string;
  /** "12 min" from minutes. */
  minutes: (minutes: number) => string;
  /** "1 h 5 min" or "40 sec" from seconds. */
  duration: (seconds: number) => string;
  /** "1:05:09" or "5:09", from seconds, for a running timer. */
  clock: (seconds: number) => string;
  /** "Monday", from an ISO date or an instant. */
  weekday: (instant: string | Date, width?: "long" | "short" | "narrow") => string;
  /** "March 2026" */
  month: (instant: string | Date) => string;
  /** "a, b and c" */
  list: (items: string[]) => string;
  /** The day that weeks begin with: 1 Monday to 7 Sunday. */
  firstWeekday: number;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400],
  ["month", 30 * 86_400],
  ["week", 7 * 86_400],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function formatOf(locale: string): Format {
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const dateTimes = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const dayMonths = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const months = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const numbers = new Intl.NumberFormat(locale);
  const lists = new Intl.ListFormat(locale);
  const measured = (value: number, unit: string) =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: 1,
    }).format(value);
  const whole = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return {
    date: (instant) => dates.format(new Date(instant)),
    dayMonth: (instant) => dayMonths.format(new Date(instant)),
    dateTime: (instant) => dateTimes.format(new Date(instant)),
    dateTimeIn: (timeZone, instant) => {
      const at = new Date(instant);
      const text = new Intl.DateTimeFormat(locale, {
        dateStyle: "medium",
        timeStyle: "short",
        timeZone,
      }).format(at);
      return text === dateTimes.format(at) ? text : `${text} (${timeZone})`;
    },
    relative: (instant, now = new Date()) => {
      const seconds = (new Date(instant).getTime() - now.getTime()) / 1_000;
      const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
      return relative.format(Math.trunc(seconds / length), unit);
    },
    // Making a format takes far longer than using it, and a table has thousands of numbers.
    number: (value, options) => (options ? new Intl.NumberFormat(locale, options) : numbers).format(value),
    percent: (percent) => percents.format(percent / 100),
    minutes: (minutes) => measured(minutes, "minute"),
    duration: (seconds) => {
      if (seconds < 60) return measured(Math.round(seconds), "second");
      const minutes = Math.round(seconds / 60);
      if (minutes < 60) return measured(minutes, "minute");
      const rest = minutes % 60;
      const hours = measured(Math.floor(minutes / 60), "hour");
      return rest ? `${hours} ${measured(rest, "minute")}` : hours;
    },
    clock: (seconds) => {
      const hours = Math.floor(seconds / 3_600);
      const rest = `${whole((seconds % 3_600) / 60)}:${whole(seconds % 60)}`;
      return hours ? `${hours}:${rest}` : rest.replace(/^0/, "");
    },
    weekday: (instant, width = "long") =>
      new Intl.DateTimeFormat(locale, { weekday: width }).format(new Date(instant)),
    month: (instant) => months.format(new Date(instant)),
    list: (items) => lists.format(items),
    firstWeekday: firstWeekdayOf(locale),
  };
}

/** Browsers have it as a method, as a property, or not at all. */
function firstWeekdayOf(tag: string): number {
  const locale = new Intl.Locale(tag) as {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}
