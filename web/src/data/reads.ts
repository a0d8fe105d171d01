/**
 * Reads that pages share: each has a key, so that two parts of a page ask once. A read is tried again
 * when the network returns and when the tab is looked at again.
 */

import { useState } from "react";
import useSWR, { type SWRConfiguration, type SWRResponse } from "swr";

import { type BackEnd, useBackEnd } from "./back_end";

/** Parts of a page that ask while a read is under way share it; nothing later is held back. */
const SHARED_AFTERWARDS_MS = 0;

export type Key = readonly [name: string, ...values: (string | number | null | undefined)[]];

let reads = 0;

/**
 * Reads once, when the part of the page is first shown, and takes nothing from an earlier visit: what is
 * edited may not change below the editor.
 */
export function useFreshRead<Result>(
  name: string,
  read: (backEnd: BackEnd) => Promise<Result>,
): SWRResponse<Result, Error> {
  const [visit] = useState(() => (reads += 1));
  return useRead(["fresh", name, visit], read, {
    revalidateOnFocus: false,
    revalidateOnReconnect: false,
    revalidateIfStale: false,
    revalidateOnMount: true,
  });
}

/** The result of a read; with the key null nothing is read. The user is part of the key. */
export function useRead<Result>(
  key: Key | null,
  read: (backEnd: BackEnd) => Promise<Result>,
  options?: SWRConfiguration<Result, Error>,
): SWRResponse<Result, Error> {
  const backEnd = useBackEnd();
  return useSWR<Result, Error>(key && [backEnd.uid, ...key], () => read(backEnd), {
    dedupingInterval: SHARED_AFTERWARDS_MS,
    ...options,
  });
}
