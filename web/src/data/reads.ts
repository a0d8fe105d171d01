/**
 * Reads that pages share: each has a key, so that two parts of a page ask once. A read is tried again
 * when the network returns and when the tab is looked at again.
 */

import useSWR, { type SWRConfiguration, type SWRResponse } from "swr";

import { type BackEnd, useBackEnd } from "./back_end";

/** Parts of a page that ask while a read is under way share it; nothing later is held back. */
const SHARED_AFTERWARDS_MS = 0;

export type Key = readonly [name: string, ...values: (string | number | null | undefined)[]];

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
