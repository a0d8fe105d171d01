/** Lists that grow by a page at a time. */

import { type Cursor, type Page, PracticeProblem } from "practice-client";
import { useState } from "react";

import { type BackEnd, useBackEnd } from "./back_end";
import { type Key, useRead } from "./reads";

interface Further<Entry> extends Page<Entry> {
  of: string;
  isLoading: boolean;
  error: unknown;
}

/**
 * A list that grows by a page at each `more`; a new key begins anew. Only the first page is read
 * again by itself: what was loaded after it stays, each entry once, by its id.
 */
export function usePages<Entry>(
  key: Key,
  readPage: (backEnd: BackEnd, after: Cursor | null) => Promise<Page<Entry>>,
  idOf: (entry: Entry) => string,
) {
  const backEnd = useBackEnd();
  const of = JSON.stringify(key);
  const first = useRead(key, () => readPage(backEnd, null));
  // All that was shown when the last page came: an entry that newer ones push off the first page is among it.
  const [stored, setFurther] = useState<Further<Entry> | null>(null);
  const further = stored?.of === of ? stored : null;

  const newest = first.data?.entries ?? [];
  const ids = new Set(newest.map(idOf));
  const entries = [...newest, ...(further?.entries ?? []).filter((entry) => !ids.has(idOf(entry)))];
  const next = further ? further.next : (first.data?.next ?? null);

  const load = async () => {
    if (!next || further?.isLoading) return;
    const begun = { of, entries, next };
    setFurther({ ...begun, isLoading: true, error: undefined });
    const finish = (change: Partial<Further<Entry>>) =>
      // Another list may be shown by now.
      setFurther((now) => (now?.of === of ? { ...now, ...change, isLoading: false } : now));
    try {
      // Firestore's SDK waits and complains in the console.
      if (!navigator.onLine) throw new PracticeProblem("UNAVAILABLE", "There is no network.");
      const page = await readPage(backEnd, next);
      finish({ entries: [...entries, ...page.entries], next: page.next });
    } catch (error) {
      finish({ error });
    }
  };
  return {
    /** The read of the first page, for `Read`. */
    first,
    entries,
    hasMore: next !== null,
    more: () => void load(),
    isLoadingMore: further?.isLoading ?? false,
    /** Why the last `more` failed, undefined if it did not. */
    moreError: further?.error,
  };
}
