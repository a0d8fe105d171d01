/** Lists that grow by a page at a time. */

import type { Cursor, Page } from "practice-client";
import { useState } from "react";

import { type Failure, requireNetwork, useRetries } from "./network";
import { type BackEnd, useBackEnd } from "./back_end";
import { type Key, useRead } from "./reads";

interface Options<Entry> {
  idOf: (entry: Entry) => string;
  /** One page, from the beginning without `after`. */
  read: (backEnd: BackEnd, after: Cursor | null) => Promise<Page<Entry>>;
}

/** What was read after the first page of the list `of`. */
interface Further<Entry> {
  of: string;
  pages: Page<Entry>[];
  isLoading: boolean;
  failure: Failure | undefined;
}

/**
 * The pages read so far, as one list. The first page is read again like every read, but not whenever
 * the tab is looked at; what was loaded after it stays, so that nobody loses their place. Another key is
 * another list.
 */
export function usePages<Entry>(key: Key, { idOf, read }: Options<Entry>) {
  const backEnd = useBackEnd();
  const first = useRead(key, () => read(backEnd, null), { revalidateOnFocus: false });
  const of = JSON.stringify(key);
  const none: Further<Entry> = { of, pages: [], isLoading: false, failure: undefined };
  const [stored, setStored] = useState<Further<Entry>>(none);
  const further = stored.of === of ? stored : none;
  const next = (further.pages.at(-1) ?? first.data)?.next ?? null;

  const change = (how: (now: Further<Entry>) => Further<Entry>) =>
    // Another list may be shown by the time that a page arrives.
    setStored((now) => (now.of === of ? how(now) : now));
  const load = async (attempt: number) => {
    if (!next || further.isLoading) return;
    setStored({ ...further, isLoading: true });
    try {
      // Firestore's SDK would wait, and complain in the console.
      requireNetwork();
      const page = await read(backEnd, next);
      change((now) => ({ ...now, pages: [...now.pages, page], isLoading: false, failure: undefined }));
    } catch (error) {
      change((now) => ({ ...now, isLoading: false, failure: { error, attempt } }));
    }
  };
  useRetries(further.failure, ({ attempt }) => void load(attempt + 1));
  const remove = (id: string) => {
    const without = (page: Page<Entry>) => ({
      ...page,
      entries: page.entries.filter((entry) => idOf(entry) !== id),
    });
    change((now) => ({ ...now, pages: now.pages.map(without) }));
    void first.mutate((page) => page && without(page), { revalidate: false });
  };
  const all = [first.data?.entries ?? [], ...further.pages.map((page) => page.entries)].flat();
  return {
    /** The read of the first page, for `Read`. */
    first,
    /** Each once, although the first page may have grown into the second since that was read. */
    entries: [...new Map(all.map((entry) => [idOf(entry), entry])).values()],
    hasMore: next !== null,
    readMore: () => void load(0),
    isLoadingMore: further.isLoading,
    /** Why the last `readMore` failed, undefined if it did not. It is repeated by itself. */
    moreError: further.failure?.error,
    /** Removes the entry with this id from the list, not from the store. */
    remove,
  };
}
