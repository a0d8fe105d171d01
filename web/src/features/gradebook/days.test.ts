import type { Session } from "practice-client";
import { describe, expect, it } from "vitest";

import { addDays, addMonths, dayOf, isCounted, localTime, weekOf, weeksOf } from "./days";

const session = (fields: Partial<Session>) =>
  ({ timezone: "UTC", status: "completed", ended_at: null, end_reason: null, ...fields }) as Session;

describe("a day", () => {
  it("is that of the session's time zone", () => {
    const ended_at = "2026-03-02T23:30:00Z";
    expect(dayOf(session({ ended_at, timezone: "Europe/Berlin" }))).toBe("2026-03-03");
    expect(dayOf(session({ ended_at, timezone: "America/New_York" }))).toBe("2026-03-02");
    expect(dayOf(session({ ended_at, timezone: "Pacific/Auckland" }))).toBe("2026-03-03");
  });

  it("of a session at work is that of its last activity", () => {
    expect(dayOf(session({ last_activity_at: "2026-03-02T10:00:00Z" }))).toBe("2026-03-02");
  });

  it("of an unknown zone is in UTC", () => {
    expect(localTime("2026-03-02T17:05:59Z", "Mars/Olympus")).toBe("2026-03-02T17:05");
  });

  it("follows and precedes others over the ends of months and changes of clocks", () => {
    expect(addDays("2026-03-28", 1)).toBe("2026-03-29");
    expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(addMonths("2026-12", 1)).toBe("2027-01");
    expect(addMonths("2026-01", -1)).toBe("2025-12");
  });
});

describe("a week", () => {
  it.each([
    ["2026-03-02", 1, "2026-03-02"], // a Monday
    ["2026-03-08", 1, "2026-03-02"],
    ["2026-03-08", 7, "2026-03-08"],
    ["2026-03-07", 7, "2026-03-01"],
    ["2026-03-07", 6, "2026-03-07"],
  ])("with %s, begun on weekday %s, begins on %s", (day, first, expected) => {
    expect(weekOf(day, first)).toBe(expected);
  });

  it("of a month has seven days, and every day of the month is in one", () => {
    for (const first of [1, 6, 7])
      for (let month = "2026-01"; month < "2027-02"; month = addMonths(month, 1)) {
        const weeks = weeksOf(month, first);
        const days = weeks.flat().filter((day) => day.startsWith(month));
        expect(weeks.every((week) => week.length === 7)).toBe(true);
        expect(weeks.every((week) => week.some((day) => day.startsWith(month)))).toBe(true);
        expect(days.length).toBe(
          new Date(`${addMonths(month, 1)}-01`).getTime() / 86_400_000 -
            new Date(`${month}-01`).getTime() / 86_400_000,
        );
      }
  });
});

it("counts sessions that have ended and were not discarded", () => {
  expect(isCounted(session({}))).toBe(true);
  expect(isCounted(session({ status: "abandoned", end_reason: "stale" }))).toBe(true);
  expect(isCounted(session({ status: "abandoned", end_reason: "discarded" }))).toBe(false);
  expect(isCounted(session({ status: "active" }))).toBe(false);
});
