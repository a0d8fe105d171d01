import { useEffect, useRef } from "react";

import { type Action, useAction } from "./action";

export interface Reading extends Action<[]> {
  /** Ends the reading; nothing of it is shown. */
  cancel: () => void;
}

/**
 * A long reading that a button begins: `useAction` that can be cancelled, which leaving the page does too.
 * After each request `read` asks the signal whether to go on.
 */
export function useReading(read: (signal: AbortSignal) => Promise<void>): Reading {
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const action = useAction(async () => {
    const { signal } = (running.current = new AbortController());
    await Promise.race([read(signal), aborted(signal)]);
  });
  return { ...action, cancel: () => running.current?.abort() };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve());
  });
}
