import { type Cursor, type Page, PracticeProblem } from "practice-client";
import { useState } from "react";

import { type BackEnd, useBackEnd } from "./back_end";
import { useRead } from "./reads";

type Key = readonly [name: string, ...values: (string | number | null | undefined)[]];

interface Further<Entry> {
  of: string;
  pages: Page<Entry>[];
  isLoading: boolean;
  error: unknown;
}

/**
 * A list that grows by a page at each `more`. Only the first page is read again by itself; a new key
 * begins anew.
 */
export function usePages<Entry>(
  key: Key,
  readPage: (backEnd: BackEnd, after: Cursor | null) => Promise<Page<Entry>>,
) {
  const backEnd = useBackEnd();
  const of = JSON.stringify(key);
  const first = useRead(key, () => readPage(backEnd, null));
  const none: Further<Entry> = { of, pages: [], isLoading: false, error: undefined };
  const [stored, setFurther] = useState<Further<Entry>>(none);
  const further = stored.of === of ? stored : none;
  const last = further.pages.at(-1) ?? first.data;
  const next = last?.next ?? null;

  const load = async () => {
    if (!next || further.isLoading) return;
    setFurther({ ...further, isLoading: true, error: undefined });
    const finish = (change: (now: Further<Entry>) => Further<Entry>) =>
      // Another list may be shown by now.
      setFurther((now) => (now.of === of ? { ...change(now), isLoading: false } : now));
    try {
      // Firestore's SDK waits and complains in the console.
      if (!navigator.onLine) throw new PracticeProblem("UNAVAILABLE", "There is no network.");
      const page = await readPage(backEnd, next);
      finish((now) => ({ ...now, pages: [...now.pages, page] }));
    } catch (error) {
      finish((now) => ({ ...now, error }));
    }
  };
  return {
    first,
    entries: [...(first.data?.entries ?? []), ...further.pages.flatMap((page) => page.entries)],
    hasMore: next !== null,
    more: () => void load(),
    isLoadingMore: further.isLoading,
    moreError: further.error,
  };
}
