/**
 * State of this browser, kept by user, such as a text that is typed and not sent yet. Signing out
 * removes all of it: the next person on this machine finds nothing.
 */

import { useCallback, useState } from "react";

import { useBackEnd } from "./back_end";

const PREFIX = "practice.user.";
/** Who has signed out of this page. What their pages write while they close is dropped. */
const closed = new Set<string>();

export function readLocal(uid: string, name: string): unknown {
  try {
    const text = localStorage.getItem(`${PREFIX}${uid}.${name}`);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined; // blocked, or written by another version
  }
}

/** undefined removes it. A browser that refuses storage forgets the value when the page is left. */
export function writeLocal(uid: string, name: string, value: unknown): void {
  if (closed.has(uid)) return;
  try {
    const key = `${PREFIX}${uid}.${name}`;
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The quota is exceeded, or storage is blocked.
  }
}

/** The names of what is kept for the user, of those that begin so. */
export function localNames(uid: string, beginning: string): string[] {
  const prefix = `${PREFIX}${uid}.`;
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(`${prefix}${beginning}`))
      .map((key) => key.slice(prefix.length));
  } catch {
    return []; // blocked
  }
}

/** Lets the state of this user be written, from their sign-in on. */
export function openLocal(uid: string): void {
  closed.delete(uid);
}

/** Removes the state of everybody, for good as far as this user's pages are concerned. */
export function closeLocal(uid: string): void {
  closed.add(uid);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
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
