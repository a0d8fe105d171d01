import { describe, expect, it } from "vitest";

import { formatOf } from "./format";

const en = formatOf("en-GB");
const de = formatOf("de-DE");
const plain = (text: string) => text.replace(/\s/g, " ");

describe("durations", () => {
  it.each([
    [0, "0 secs"],
    [59, "59 secs"],
    [60, "1 min"],
    [3_540, "59 mins"],
    [3_600, "1 hr"],
    [3_900, "1 hr 5 mins"],
  ])("%i seconds", (seconds, text) => {
    expect(plain(en.duration(seconds))).toBe(text);
  });

  it("follow the language", () => {
    expect(plain(de.duration(3_900))).toBe("1 Std. 5 Min.");
  });
});

describe("a clock", () => {
  it.each([
    [0, "0:00"],
    [9.9, "0:09"],
    [65, "1:05"],
    [3_725, "1:02:05"],
  ])("%i seconds", (seconds, text) => {
    expect(en.clock(seconds)).toBe(text);
  });
});

describe("relative instants", () => {
  const now = new Date("2026-03-02T17:00:00Z");
  it.each([
    ["2026-03-02T16:59:30Z", "this minute"],
    ["2026-03-02T15:00:00Z", "2 hours ago"],
    ["2026-03-01T16:00:00Z", "yesterday"],
    ["2026-03-05T17:00:00Z", "in 3 days"],
  ])("%s", (instant, text) => {
    expect(en.relative(instant, now)).toBe(text);
  });
});

it("percents are given as such", () => {
  expect(en.percent(85.5)).toBe("85.5%");
  expect(plain(de.percent(85.5))).toBe("85,5 %");
});
