import type { SessionData } from "practice-client";
import { describe, expect, test } from "vitest";

import { stepAfter, stepsOf, tick } from "./content";
import { NOTHING, OF_SESSION, acknowledge, changeOf, mergeTexts, rebase, shownContent } from "./pending";

const content = (notes: Partial<Record<"session" | "scales" | "chords", string>> = {}): SessionData => ({
  notes: notes.session ?? "",
  sections: [
    { name: "Warm-up", exercises: [{ name: "Scales", notes: notes.scales ?? "", completed: false }] },
    { name: "Songs", exercises: [{ id: "c", name: "Chords", notes: notes.chords ?? "", completed: false }] },
  ],
});
const SCALES = "0.0.Scales";
const CHORDS = "1.0.c";

describe("texts of two devices", () => {
  test.each([
    ["old", "mine", "old", "mine"],
    ["old", "old", "theirs", "theirs"],
    ["old", "mine and theirs", "theirs", "mine and theirs"],
    ["old", "mine", "mine and more", "mine and more"],
    ["", "mine", "theirs", "mine\ntheirs"],
    ["Slow.", "Slow. Mine.", "Slow. Theirs.", "Slow. Mine.\nTheirs."],
  ])("over %j: %j and %j become %j", (base, mine, theirs, merged) => {
    expect(mergeTexts({ base, text: mine }, theirs)).toBe(merged);
  });
});

describe("edits", () => {
  const typed = {
    ...NOTHING,
    notes: { [SCALES]: { base: "", text: "even" }, [OF_SESSION]: { base: "", text: "late" } },
  };

  test("replace only what they are about", () => {
    const change = changeOf(typed, content({ chords: "theirs" }));
    expect(change.notes).toBe("late");
    expect(change.sections?.map(({ exercises }) => exercises?.[0]?.notes)).toEqual(["even", "theirs"]);
    expect(changeOf({ ...typed, notes: { [OF_SESSION]: { base: "", text: "late" } } }, content())).toEqual({
      notes: "late",
    });
  });

  test("of an exercise that is gone move to the session's notes", () => {
    const stored: SessionData = { notes: "theirs", sections: [content().sections![1]!] };
    expect(rebase(typed, stored).notes).toEqual({
      [OF_SESSION]: { base: "theirs", text: "late\ntheirs\nScales: even" },
    });
  });

  test("find an exercise that moved", () => {
    const stored: SessionData = { ...content(), sections: [...content().sections!].reverse() };
    const change = changeOf(rebase(typed, stored), stored);
    expect(change.sections?.[1]?.exercises?.[0]?.notes).toBe("even");
  });

  test("typed while others were sent stay, over what was sent", () => {
    const now = { ...typed, notes: { ...typed.notes, [SCALES]: { base: "", text: "even and slow" } } };
    expect(acknowledge(now, typed).notes).toEqual({ [SCALES]: { base: "even", text: "even and slow" } });
  });

  test("of minutes are kept by section", () => {
    const change = changeOf({ ...NOTHING, minutes: { 1: 12 } }, content());
    expect(change.sections?.map((section) => section.actual_duration_minutes)).toEqual([undefined, 12]);
  });
});

describe("steps", () => {
  test("a report that is not acknowledged yet shows as done, again as not done", () => {
    const shown = (grade: "good" | "again") =>
      stepsOf(
        shownContent(content(), { ...NOTHING, reports: [{ key: "k", item: { node_id: "Scales", grade } }] }),
        new Set(),
      ).map((step) => step.isDone);
    expect(shown("good")).toEqual([true, false]);
    expect(shown("again")).toEqual([false, false]);
  });

  test("of one name are ticked in their order", () => {
    const twice: SessionData = { sections: [{ name: "A", exercises: [{ name: "X" }, { name: "X" }] }] };
    const once = tick(twice, "X", true);
    expect(stepsOf(once, new Set()).map((step) => step.isDone)).toEqual([true, false]);
    expect(stepsOf(tick(once, "X", true), new Set()).map((step) => step.isDone)).toEqual([true, true]);
  });

  test("go round, past what is done", () => {
    const steps = stepsOf({ ...content(), questions: [{ question_id: "q1" }] }, new Set());
    expect(steps.map(({ key }) => key)).toEqual([SCALES, CHORDS, "q.q1"]);
    expect(stepAfter(steps, null)?.key).toBe(SCALES);
    expect(stepAfter(steps, "q.q1")?.key).toBe(SCALES);
    expect(stepAfter(stepsOf(tick(content(), "c", true), new Set()), SCALES)?.key).toBe(SCALES);
  });
});
