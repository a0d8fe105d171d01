import { PracticeProblem } from "practice-client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { isWithoutReply, requireNetwork, runLater } from "./network";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("runLater", () => {
  test.each([
    [0, 4_000],
    [1, 8_000],
    [3, 32_000],
    [4, 60_000],
    [100, 60_000],
  ])("after attempt %d waits %d ms", (attempt, pause) => {
    const task = vi.fn();
    runLater(task, attempt);

    vi.advanceTimersByTime(pause - 1);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledOnce();
  });

  test("waits as long as the server asked for", () => {
    const task = vi.fn();
    runLater(task, 0, 90_000);

    vi.advanceTimersByTime(89_999);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledOnce();
  });

  test("runs once when the network returns", () => {
    const task = vi.fn();
    runLater(task, 0);

    dispatchEvent(new Event("online"));
    dispatchEvent(new Event("online"));
    vi.advanceTimersByTime(60_000);
    expect(task).toHaveBeenCalledOnce();
  });

  test("runs nothing once cancelled", () => {
    const task = vi.fn();
    runLater(task, 0)();

    dispatchEvent(new Event("online"));
    vi.advanceTimersByTime(60_000);
    expect(task).not.toHaveBeenCalled();
  });
});

test("requireNetwork throws what may work later, where the browser has no network", () => {
  expect(requireNetwork).not.toThrow();
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
  try {
    requireNetwork();
    expect.unreachable();
  } catch (error) {
    expect(isWithoutReply(error)).toBe(true);
  }
});

test.each([
  [new PracticeProblem("UNAVAILABLE", "No reply."), true],
  [new PracticeProblem("RATE_LIMITED", "Too many."), false],
  [new TypeError("Failed to fetch"), true],
  [Object.assign(new Error("Firestore"), { code: "unavailable" }), true],
  [Object.assign(new Error("Firestore"), { code: "permission-denied" }), false],
  [Object.assign(new Error("Auth"), { code: "auth/network-request-failed" }), true],
  [Object.assign(new Error("Auth"), { code: "auth/invalid-credential" }), false],
  [new Error("A mistake"), false],
])("isWithoutReply of %s is %s", (error, expected) => {
  expect(isWithoutReply(error)).toBe(expected);
});
