/**
 * State of this browser, kept by user, such as a text that is typed and not sent yet. Signing out
 * removes all of it: the next person on this machine finds nothing.
 */

import { useCallback, useState, useSyncExternalStore } from "react";

import { useBackEnd } from "./back_end";

const PREFIX = "practice.user.";
/** Who has signed out of this page. What their pages write while they close is dropped. */
const closed = new Set<string>();
/** What the browser could not store, as JSON by its key: only this page has it, while it is open. */
const unstored = new Map<string, string>();
const listeners = new Set<() => void>();

/** The key of localStorage. */
export function localKey(uid: string, name: string): string {
  return `${PREFIX}${uid}.${name}`;
}

export function readLocal(uid: string, name: string): unknown {
  const key = localKey(uid, name);
  try {
    const text = unstored.get(key) ?? localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined; // blocked, or written by another version
  }
}

/**
 * Whether it is stored. Where the browser stores nothing, because the quota is exceeded or storage is
 * blocked, the value lasts as long as this page. undefined removes it.
 */
export function writeLocal(uid: string, name: string, value: unknown): boolean {
  if (closed.has(uid)) return false;
  const key = localKey(uid, name);
  const text = value === undefined ? undefined : JSON.stringify(value);
  const isStored = store(key, text);
  note(key, isStored ? undefined : text);
  return isStored;
}

function store(key: string, text: string | undefined): boolean {
  try {
    if (text === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

function note(key: string, text: string | undefined): void {
  const before = unstored.size;
  if (text === undefined) unstored.delete(key);
  else unstored.set(key, text);
  if (unstored.size !== before) for (const listener of listeners) listener();
}

/** The names of what is kept for the user, of those that begin so. */
export function localNames(uid: string, beginning: string): string[] {
  const prefix = localKey(uid, "");
  const keys = new Set([...storedKeys(), ...unstored.keys()]);
  return [...keys].filter((key) => key.startsWith(prefix + beginning)).map((key) => key.slice(prefix.length));
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return []; // blocked
  }
}

/** Whether something is kept by this page alone, because the browser could not store it. */
export function useHasUnstored(): boolean {
  return useSyncExternalStore(subscribe, () => unstored.size > 0);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Lets the state of this user be written, from their sign-in on. */
export function openLocal(uid: string): void {
  closed.delete(uid);
}

/** Removes the state of everybody, for good as far as this user's pages are concerned. */
export function closeLocal(uid: string): void {
  closed.add(uid);
  for (const key of [...unstored.keys()]) note(key, undefined);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Storage is blocked, so there is nothing.
  }
}

/** Removes what pages of this tab have noted for each other, such as where they were scrolled to. */
export function clearTab(): void {
  try {
    sessionStorage.clear();
  } catch {
    // Storage is blocked, so there is nothing.
  }
}

/** Like useState, and kept in this browser until it is set to undefined or the user signs out. */
export function useLocalState<Value>(
  name: string,
  initial: Value,
): [Value, (value: Value | undefined) => void] {
  const { uid } = useBackEnd();
  const [value, setValue] = useState<Value>(() => (readLocal(uid, name) as Value | undefined) ?? initial);
  const set = useCallback(
    (next: Value | undefined) => {
      writeLocal(uid, name, next);
      setValue(next ?? initial);
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- as in useState, only the first initial value counts
    [uid, name],
  );
  return [value, set];
}
