import { PracticeProblem } from "practice-client";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

/** As fetch rejects where no connection can be made. */
class NoNetworkError extends TypeError {}

const FIRST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_MS = 60_000;
/** Of the errors of Firestore, and of Firebase Auth. */
const WITHOUT_REPLY = ["unavailable", "deadline-exceeded", "auth/network-request-failed"];

/** False while the browser knows that it has no network. True proves nothing. */
export function useIsOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine);
}

/** Throws where the browser knows that it has no network, so that nobody waits for attempts to fail. */
export function requireNetwork(): void {
  if (!navigator.onLine) throw new NoNetworkError("There is no network.");
}

/** Whether the same may work later: no connection was made, no reply came, or the server is not available. */
export function isWithoutReply(error: unknown): boolean {
  if (error instanceof PracticeProblem) return error.reason === "UNAVAILABLE";
  if (error instanceof Error && "code" in error) return WITHOUT_REPLY.includes(String(error.code));
  return error instanceof TypeError;
}

/**
 * Runs a task once more: when the network returns, or after a pause, which doubles with every attempt
 * and is not shorter than the server asked for. Returns what cancels it.
 */
export function runLater(task: () => void, attempt: number, askedMs = 0): () => void {
  const run = () => {
    cancel();
    task();
  };
  const cancel = () => {
    clearTimeout(timer);
    removeEventListener("online", run);
  };
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
  const timer = setTimeout(run, Math.max(pause, askedMs));
  addEventListener("online", run);
  return cancel;
}

/** What failed: at the first attempt 0, at its repetition 1, and so on. */
export interface Failure {
  error: unknown;
  attempt: number;
}

/** Tries again by itself what failed without a reply, for as long as the part of the page is shown. */
export function useRetries<Failed extends Failure>(
  failure: Failed | undefined,
  retry: (failure: Failed) => void,
): void {
  const again = useEffectEvent(retry);
  useEffect(() => {
    if (!failure || !isWithoutReply(failure.error)) return;
    return runLater(() => again(failure), failure.attempt);
  }, [failure]);
}

function subscribe(changed: () => void): () => void {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}
