import { describe, expect, test } from "vitest";

import { instantIn, localTimeIn } from "./zoned_time";

describe("local times of a time zone", () => {
  test.each([
    ["Europe/Berlin", "2026-03-09T17:00", "2026-03-09T16:00:00.000Z"],
    ["Europe/Berlin", "2026-07-09T17:00", "2026-07-09T15:00:00.000Z"],
    ["America/New_York", "2026-03-09T17:00", "2026-03-09T21:00:00.000Z"],
    ["Asia/Kolkata", "2026-03-09T00:15", "2026-03-08T18:45:00.000Z"],
    ["Pacific/Kiritimati", "2026-01-01T00:00", "2025-12-31T10:00:00.000Z"],
    ["UTC", "2026-03-09T17:00", "2026-03-09T17:00:00.000Z"],
  ])("in %s %s is %s", (zone, local, instant) => {
    expect(instantIn(zone, local)).toBe(instant);
    expect(localTimeIn(zone, instant)).toBe(local);
  });

  test("that the clocks leave out in spring are taken as before the change", () => {
    expect(instantIn("Europe/Berlin", "2026-03-29T02:30")).toBe("2026-03-29T01:30:00.000Z");
    expect(localTimeIn("Europe/Berlin", "2026-03-29T01:30:00.000Z")).toBe("2026-03-29T03:30");
  });

  test("that come twice in autumn mean the first", () => {
    expect(instantIn("Europe/Berlin", "2026-10-25T02:30")).toBe("2026-10-25T00:30:00.000Z");
    expect(localTimeIn("Europe/Berlin", "2026-10-25T00:30:00.000Z")).toBe("2026-10-25T02:30");
    expect(localTimeIn("Europe/Berlin", "2026-10-25T01:30:00.000Z")).toBe("2026-10-25T02:30");
  });

  test("are none without a value", () => {
    expect(instantIn("UTC", "")).toBeNull();
    expect(localTimeIn("UTC", null)).toBe("");
  });
});
