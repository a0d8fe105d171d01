import { describe, expect, it } from "vitest";

import { localDate } from "./local_days";

describe("the local date", () => {
  it.each([
    ["in the evening", "2026-03-02T20:00:00Z", "Europe/Berlin", undefined, "2026-03-02"],
    ["after midnight", "2026-03-02T23:30:00Z", "Europe/Berlin", undefined, "2026-03-02"],
    ["a minute before the day begins", "2026-03-03T02:59:00Z", "Europe/Berlin", undefined, "2026-03-02"],
    ["as the day begins", "2026-03-03T03:00:00Z", "Europe/Berlin", undefined, "2026-03-03"],
    ["where days begin at midnight", "2026-03-02T23:30:00Z", "Europe/Berlin", "00:00", "2026-03-03"],
    ["on the first of a month", "2026-03-01T08:00:00Z", "America/Los_Angeles", undefined, "2026-02-28"],
    ["far to the east", "2026-12-31T15:00:00Z", "Pacific/Kiritimati", undefined, "2027-01-01"],
  ])("%s", (_, at, timezone, begins, date) => {
    expect(localDate(new Date(at), timezone, begins)).toBe(date);
  });
});
