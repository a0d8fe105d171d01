/** What a page watches: it changes by itself. */

import { useEffect, useEffectEvent, useState } from "react";

import { type BackEnd, useBackEnd } from "./back_end";
import { useIsOnline } from "./network";

/** Begins to watch; returns what stops it. */
export type Watch<Value> = (
  backEnd: BackEnd,
  onChange: (value: Value) => void,
  onError: (error: unknown) => void,
) => Promise<() => void>;

export interface Watching<Seen> {
  /** Null until it comes, and after access was taken away. */
  seen: Seen | null;
  error: unknown;
  isOnline: boolean;
  /** Begins again after an error. */
  retry: () => void;
}

interface Options<Value, Seen> {
  watch: Watch<Value>;
  /** What is seen after a change, from what was seen before it. */
  see: (before: Seen | null, value: Value) => Seen;
}

/**
 * What is watched of a subject; null watches nothing. A watch that failed begins again with `retry`, or when the
 * network returns. What one may no longer read is no longer shown.
 */
export function useWatch<Value, Seen>(
  subject: string | null,
  { watch, see }: Options<Value, Seen>,
): Watching<Seen> {
  const backEnd = useBackEnd();
  const isOnline = useIsOnline();
  const [watched, setWatched] = useState<{ subject: string; seen: Seen } | null>(null);
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  const start = useEffectEvent(watch);
  const changed = useEffectEvent((of: string, value: Value) => {
    setError(undefined);
    setWatched((before) => ({ subject: of, seen: see(before?.subject === of ? before.seen : null, value) }));
  });
  useEffect(() => {
    if (subject === null || !isOnline) return;
    let stop: (() => void) | undefined;
    let isOver = false;
    const fail = (reason: unknown) => {
      if (isOver) return;
      if (isDenied(reason)) setWatched(null);
      setError(reason);
    };
    const onChange = (value: Value) => {
      if (!isOver) changed(subject, value);
    };
    start(backEnd, onChange, fail)
      .then((begun) => {
        if (isOver) begun();
        else stop = begun;
      })
      .catch(fail);
    return () => {
      isOver = true;
      stop?.();
    };
  }, [backEnd, subject, isOnline, attempt]);
  return {
    seen: watched?.subject === subject ? watched.seen : null,
    error,
    isOnline,
    retry: () => {
      setError(undefined);
      setAttempt((before) => before + 1);
    },
  };
}

/** Whether Firestore's rules refuse it. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "permission-denied";
}
