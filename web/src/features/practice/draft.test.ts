import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { KeptDraft, forgetDrafts } from "./draft";

const open = (question = "q1", number = 1) => new KeptDraft("ann", "s", question, number);

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("a draft that two tabs have open", () => {
  test("is the one that was typed last, also when the other tab is left", () => {
    const [one, other] = [open(), open()];
    one.change(["typed first"]);
    other.change(["typed last"]);
    one.keep();
    expect(open().draft).toEqual(["typed last"]);
    one.change(["typed on in the first"]);
    expect(open().draft).toEqual(["typed on in the first"]);
  });

  test("of an older question does not replace that of the next", () => {
    const behind = open();
    const ahead = open("q2", 2);
    ahead.change(["the next"]);
    behind.keep();
    expect(open("q2", 2).draft).toEqual(["the next"]);
  });

  test("does not come back once it was removed", () => {
    const one = open();
    one.change(["typed"]);
    forgetDrafts("ann", "s");
    one.keep();
    expect(localStorage).toHaveLength(0);
  });
});

test("the time spent is kept when the tab is left", () => {
  const draft = open();
  draft.change(["typed"]);
  vi.advanceTimersByTime(5_000);
  draft.keep();
  expect(open().spent()).toBe(5_000);
});
