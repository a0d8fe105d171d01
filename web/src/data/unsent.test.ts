import { beforeEach, expect, test } from "vitest";

import { writeLocal } from "./local_state";
import { unsentWork } from "./unsent";

beforeEach(() => localStorage.clear());

const NOTHING = { reports: [], notes: {}, minutes: {}, finish: null, refused: [] };

test.each([
  ["session.s1", { ...NOTHING, reports: [{ key: "k", item: { node_id: "Scales" } }] }, ["session"]],
  ["session.s1", { ...NOTHING, minutes: { 0: 12 } }, ["session"]],
  ["session.s1", NOTHING, []],
  ["session.s1.answer.q.capital", "Lisbon", ["session"]],
  ["session.s1.time", { isRunning: true, at: 1, totalMs: 5_000, stepsMs: { a: 1 }, current: "a" }, []],
  ["practice.s1", { question_id: "q", number: 1, draft: ["4"], spent_ms: 20 }, ["practice"]],
  ["practice.s1", { question_id: "q", number: 1, draft: [], spent_ms: 20 }, []],
  ["practice.notes.t.s1", "Numbers are fine.", ["practice"]],
  ["practice.notes.t.s1", "", []],
  ["log.draft", { templateId: "", name: "Rehearsal", sections: [], focus: null }, ["log"]],
  ["log.draft", { templateId: "", name: " ", sections: [], focus: null }, []],
  ["log.submission", { sessionId: null, isUncertain: true }, ["log"]],
  ["log.submission", null, []],
  ["template.new", { draft: { name: "Scales", sections: [] }, version: null, at: 1 }, ["template"]],
])("%s with %j is unsent work of %j", (name, value, parts) => {
  writeLocal("ann", name, value);
  expect(unsentWork("ann")).toEqual(parts);
  expect(unsentWork("ben")).toEqual([]);
});
