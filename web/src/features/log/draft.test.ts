import { beforeEach, expect, test } from "vitest";

import { LocalRecord } from "@/data/local_record";

import { removeStored } from "./draft";
import { EMPTY, type Requests, type Values, requestsOf } from "./values";

const draft = () => new LocalRecord<Values>("ann", "log.draft", EMPTY);
const typed: Values = { ...EMPTY, name: "Rehearsal", notes: "Slow", focus: 7 };
/** As they are kept until they are stored. */
const sent = JSON.parse(JSON.stringify(requestsOf(typed, "Europe/Berlin"))) as Requests;

beforeEach(() => localStorage.clear());

test("the draft is removed when it is stored", () => {
  draft().change(() => typed);
  removeStored(draft(), sent);
  expect(localStorage).toHaveLength(0);
});

test("a draft that was typed on in another tab stays", () => {
  draft().change(() => ({ ...typed, notes: "Slow, then faster" }));
  removeStored(draft(), sent);
  expect(draft().read().notes).toBe("Slow, then faster");
});
