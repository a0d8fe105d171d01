import { useRef, useState } from "react";

import { type Failure, useRetries } from "./network";

interface Failed<Given> extends Failure {
  given: Given;
}

export interface Action<Given extends unknown[]> {
  run: (...given: Given) => void;
  isBusy: boolean;
  /** Why the last run failed, undefined if it did not. It stays until a repetition has worked. */
  error: unknown;
  /** Runs what failed again. */
  retry: () => void;
}

/**
 * What a button does: one run at a time, another press does nothing meanwhile. A run without a reply is
 * repeated by itself, so it must take effect once; with `isRepeated: false` it waits for another press.
 */
export function useAction<Given extends unknown[]>(
  work: (...given: Given) => Promise<unknown>,
  { isRepeated = true }: { isRepeated?: boolean } = {},
): Action<Given> {
  const isUnderWay = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Failed<Given>>();
  const perform = async (given: Given, attempt: number) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    try {
      await work(...given);
      setFailed(undefined);
    } catch (error) {
      setFailed({ error, given, attempt });
    } finally {
      isUnderWay.current = false;
      setBusy(false);
    }
  };
  useRetries(isRepeated ? failed : undefined, ({ given, attempt }) => void perform(given, attempt + 1));
  return {
    run: (...given) => void perform(given, 0),
    isBusy,
    error: failed?.error,
    retry: () => failed && void perform(failed.given, 0),
  };
}
