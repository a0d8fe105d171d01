import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { LocalRecord } from "./local_record";
import { closeLocal, localNames, openLocal, readLocal, writeLocal } from "./local_state";

const open = () => new LocalRecord<string[]>("ann", "list", []);
const add = (entry: string) => (list: string[]) => [...list, entry];

/** As a browser whose quota is exceeded: what is there can be read and removed. */
function fill(): void {
  const refuse = () => {
    throw new DOMException("The quota is exceeded.", "QuotaExceededError");
  };
  const full = new Proxy(localStorage, {
    get: (storage, name) => (name === "setItem" ? refuse : (Reflect.get(storage, name) as unknown)),
  });
  vi.stubGlobal("localStorage", full);
}

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.unstubAllGlobals();
  closeLocal("ann");
  openLocal("ann");
});

describe("a browser that stores nothing", () => {
  test("is told, and the page keeps every change over what was stored before", () => {
    const record = open();
    record.change(add("a"));
    expect(record.isStored).toBe(true);
    fill();
    record.change(add("b"));
    expect(record.isStored).toBe(false);
    record.change(add("c"));
    expect(record.read()).toEqual(["a", "b", "c"]);
    expect(open().read()).toEqual(["a", "b", "c"]);
    expect(writeLocal("ann", "text", "typed")).toBe(false);
    expect(localNames("ann", "t")).toEqual(["text"]);
  });

  test("stores all of it as soon as there is room", () => {
    const record = open();
    fill();
    record.change(add("a"));
    vi.unstubAllGlobals();
    record.change(add("b"));
    expect(record.isStored).toBe(true);
    expect(JSON.parse(localStorage.getItem("practice.user.ann.list") ?? "")).toEqual(["a", "b"]);
  });

  test("has nothing of a person who has signed out", () => {
    fill();
    open().change(add("a"));
    closeLocal("ann");
    expect(readLocal("ann", "list")).toBeUndefined();
    open().change(add("b"));
    expect(readLocal("ann", "list")).toBeUndefined();
  });
});

test("what another tab removed does not come back, unless it is begun anew", () => {
  const record = open();
  record.change(add("a"));
  localStorage.clear();
  record.change(add("b"));
  expect(record.read()).toEqual([]);
  record.begin();
  record.change(add("c"));
  expect(record.read()).toEqual(["c"]);
});
