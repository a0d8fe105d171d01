/** Lists that grow by a page at a time. */

import type { Cursor, Page } from "practice-client";
import { useState } from "react";

import { type BackEnd, useBackEnd } from "./back_end";
import { type Key, useRead } from "./reads";

interface Options<Entry> {
  idOf: (entry: Entry) => string;
  /** One page, from the beginning without `after`. */
  read: (backEnd: BackEnd, after: Cursor | null) => Promise<Page<Entry>>;
}

interface Older<Entry> extends Page<Entry> {
  of: string;
}

/**
 * The pages read so far, as one list. The first page is read again like every read; what was loaded
 * after it stays, so that nobody loses their place.
 */
export function usePages<Entry>(key: Key, { idOf, read }: Options<Entry>) {
  const backEnd = useBackEnd();
  const first = useRead(key, () => read(backEnd, null), { revalidateOnFocus: false });
  const [older, setOlder] = useState<Older<Entry> | null>(null);
  const [isLoadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<unknown>();
  const name = key.join("\u0000");
  const kept = older?.of === name ? older : null;

  const newest = first.data?.entries ?? [];
  const ids = new Set(newest.map(idOf));
  const entries = kept ? [...newest, ...kept.entries.filter((entry) => !ids.has(idOf(entry)))] : newest;
  const next = kept ? kept.next : (first.data?.next ?? null);

  const readMore = async () => {
    setLoadingMore(true);
    setMoreError(undefined);
    try {
      const page = await read(backEnd, next);
      setOlder({ of: name, entries: [...entries, ...page.entries], next: page.next });
    } catch (failure) {
      setMoreError(failure);
    } finally {
      setLoadingMore(false);
    }
  };
  return {
    /** The read of the first page, for `Read`. */
    first,
    entries,
    hasMore: next !== null,
    readMore: () => void readMore(),
    isLoadingMore,
    /** Why the last `readMore` failed, undefined if it did not. */
    moreError,
  };
}
