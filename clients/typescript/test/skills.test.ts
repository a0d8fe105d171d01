/** The mastery of a stored skill at a time: the same figures as the back end's. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { masteryAt } from "../src/index.js";

const card = { stability: 10, last_review: "2026-03-01T16:00:00+00:00" };

function daysLater(days: number): Date {
  return new Date(Date.parse(card.last_review) + (days * 24 + 5) * 3_600_000);
}

test("what will have been forgotten is discounted", () => {
  const skill = { p_mastery: 0.95, p_known: 0.9, p_half: 0.1, card };
  const shown = [0, 10, 365, -3].map((days) => masteryAt(skill, daysLater(days)).toFixed(6));
  assert.deepEqual(shown, ["0.950000", "0.900000", "0.736779", "0.950000"]);
});

test("a skill of a version that had no belief is shown by its probability", () => {
  const skill = { p_mastery: 0.7, p_known: null, p_half: null, card };
  const shown = [0, 10, 365].map((days) => masteryAt(skill, daysLater(days)).toFixed(6));
  assert.deepEqual(shown, ["0.700000", "0.654500", "0.505969"]);
});

test("without a review nothing is discounted", () => {
  assert.equal(masteryAt({ p_mastery: 0.6, p_known: 0.4, p_half: 0.4, card: {} }, new Date()), 0.6000000000000001);
});
