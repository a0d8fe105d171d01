import type { Page } from "practice-client";
import { useState } from "react";

import { type BackEnd, useBackEnd } from "@/data/back_end";
import { useRead } from "@/data/reads";

type Cursor = Page<unknown>["next"];

/** The pages of a list read so far, as one list. The first is read again when the tab is looked at again. */
export function usePages<Entry>(
  name: string,
  readPage: (backEnd: BackEnd, after: Cursor) => Promise<Page<Entry>>,
) {
  const backEnd = useBackEnd();
  const first = useRead([name], (from) => readPage(from, null), { revalidateOnFocus: false });
  const [further, setFurther] = useState<readonly Page<Entry>[]>([]);
  const [isReading, setReading] = useState(false);
  const [error, setError] = useState<unknown>();
  const next = (further.at(-1) ?? first.data)?.next ?? null;
  const readMore = async () => {
    if (isReading) return;
    setReading(true);
    setError(undefined);
    try {
      const page = await readPage(backEnd, next);
      setFurther((before) => [...before, page]);
    } catch (failure) {
      setError(failure);
    } finally {
      setReading(false);
    }
  };
  const entries = [...(first.data?.entries ?? []), ...further.flatMap((page) => page.entries)];
  return {
    first,
    entries,
    hasMore: next !== null,
    readMore: () => void readMore(),
    isReading,
    error,
    /** Without the entries that no longer belong to the list. */
    remove: (is: (entry: Entry) => boolean) => {
      const without = (page: Page<Entry>) => ({
        ...page,
        entries: page.entries.filter((entry) => !is(entry)),
      });
      setFurther((before) => before.map(without));
      void first.mutate((page) => page && without(page), { revalidate: false });
    },
  };
}
