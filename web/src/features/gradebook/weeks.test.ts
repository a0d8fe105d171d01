import type { Session } from "practice-client";
import { expect, it } from "vitest";

import { minutesByWeek } from "./weeks";

const session = (day: string, minutes: number, origin: Session["origin"] = "assigned") =>
  ({ ended_at: `${day}T12:00:00Z`, timezone: "UTC", time_spent_seconds: minutes * 60, origin }) as Session;

it("adds up the minutes of a week by their origin, and has the weeks between too", () => {
  const sessions = [
    session("2026-03-18", 5, "self_practice"),
    session("2026-03-03", 10),
    session("2026-03-08", 7),
  ];
  expect(minutesByWeek(sessions, 1, 10)).toEqual({
    isCut: false,
    weeks: [
      { week: "2026-03-02", minutes: { assigned: 17, self_practice: 0 } },
      { week: "2026-03-09", minutes: { assigned: 0, self_practice: 0 } },
      { week: "2026-03-16", minutes: { assigned: 0, self_practice: 5 } },
    ],
  });
});

it("keeps the latest weeks, and says so", () => {
  const { weeks, isCut } = minutesByWeek([session("2025-01-06", 1), session("2026-03-03", 2)], 1, 3);
  expect(weeks.map(({ week }) => week)).toEqual(["2026-02-16", "2026-02-23", "2026-03-02"]);
  expect(isCut).toBe(true);
});

it("has nothing of nothing", () => {
  expect(minutesByWeek([], 1, 3)).toEqual({ weeks: [], isCut: false });
});
