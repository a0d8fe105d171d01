import { afterEach, beforeEach, expect, it } from "vitest";

import { closeLocal, openLocal } from "@/data/local_state";

import { newDraft } from "../model/draft";
import { NEW, discardKept, forgetDrafts, keptDrafts, openSlot, slotOfTab } from "./kept";

beforeEach(() => openLocal("sam"));
afterEach(() => closeLocal("sam"));

const kept = (name: string, at = 0) => ({
  draft: { ...newDraft(), name },
  base: newDraft(),
  version: null,
  pending: null,
  at,
});
const namesOf = (of: string) => keptDrafts("sam", of).map(({ name }) => name);
/** The draft "a", in the tab whose page is called so. */
const open = (page: string) => openSlot("sam", NEW, page, "a");

it("has the draft of the tab after a reload", () => {
  slotOfTab("sam", NEW, NEW).write(kept("lost with its tab"));
  open(NEW).write(kept("mine"));
  expect(slotOfTab("sam", NEW, NEW).read()?.draft.name).toBe("mine");
});

it("moves away from what another tab has written, and finds its new place after a reload", () => {
  const [one, other] = [open("one"), open("other")];
  one.write(kept("begun"));
  other.read();
  other.write(kept("of the other"));
  one.write(kept("of the one"));
  other.write(kept("of the other, again"));

  expect(namesOf(NEW).sort()).toEqual(["of the one", "of the other, again"]);
  expect(slotOfTab("sam", NEW, "one").read()?.draft.name).toBe("of the one");
  expect(slotOfTab("sam", NEW, "other").read()?.draft.name).toBe("of the other, again");
});

it("does not remove what another tab has written", () => {
  const [one, other] = [open("one"), open("other")];
  one.write(kept("begun"));
  other.read();
  other.write(kept("of the other"));
  one.write(undefined);
  expect(namesOf(NEW)).toEqual(["of the other"]);
});

it("keeps again what another tab has removed, once it is changed", () => {
  const [one, other] = [open("one"), open("other")];
  one.write(kept("begun"));
  other.read();
  other.write(undefined);
  one.write(kept("typed on"));
  expect(namesOf(NEW)).toEqual(["typed on"]);
});

it("lists the latest draft first, of the one template alone", () => {
  openSlot("sam", NEW, "1", "a").write(kept("older", 1));
  openSlot("sam", NEW, "2", "b").write(kept("newer", 2));
  openSlot("sam", "scales", "3", "c").write(kept("of a template"));
  expect(namesOf(NEW)).toEqual(["newer", "older"]);

  const restore = discardKept("sam", NEW, "b");
  expect(namesOf(NEW)).toEqual(["older"]);
  restore();
  forgetDrafts("sam", "scales");
  expect(namesOf(NEW)).toEqual(["newer", "older"]);
  expect(namesOf("scales")).toEqual([]);
});
