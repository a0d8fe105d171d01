import { beforeEach, expect, test } from "vitest";

import { LocalRecord } from "@/data/local_record";

import { NO_TIME, type Times, Watch } from "./watch";

const MINUTE = 60_000;
let now = 0;
const open = () => new Watch(new LocalRecord<Times>("ann", "time", NO_TIME), () => now);

beforeEach(() => {
  localStorage.clear();
  now = 1_000_000;
});

test("time counts for the session and the current step, not while paused", () => {
  const watch = open();
  watch.turnTo("a");
  now += MINUTE;
  watch.turnTo("b");
  now += 2 * MINUTE;
  watch.toggle();
  now += 5 * MINUTE;
  watch.toggle();
  now += MINUTE;
  watch.turnTo("a");
  expect(watch.getTimes()).toMatchObject({ totalMs: 4 * MINUTE, stepsMs: { a: MINUTE, b: 3 * MINUTE } });
});

test("a reload goes on, and time away counts only where it was short", () => {
  open().turnTo("a");
  now += MINUTE;
  const again = open();
  expect(again.getTimes().totalMs).toBe(MINUTE);
  again.turnTo("b");
  now += 600 * MINUTE;
  expect(open().getTimes()).toMatchObject({ totalMs: MINUTE, current: "b" });
});

test("each report has the time since the one before", () => {
  const watch = open();
  watch.turnTo("a");
  now += MINUTE;
  expect(watch.unreportedMs("a")).toBe(MINUTE);
  watch.restart("a");
  now += 2 * MINUTE;
  expect(watch.unreportedMs("a")).toBe(2 * MINUTE);
});

test("nothing comes back after everything of the person was removed", () => {
  const watch = open();
  watch.turnTo("a");
  localStorage.clear();
  watch.toggle();
  expect(localStorage).toHaveLength(0);
});
