import { useSyncExternalStore } from "react";

import type { Times, Watch } from "./watch";
import type { SessionWork, WorkState } from "./work";

export function useWorkState(work: SessionWork): WorkState {
  return useSyncExternalStore(work.subscribe, work.getState);
}

/** Changes every second while the timer runs. */
export function useTimes(watch: Watch): Times {
  return useSyncExternalStore(watch.subscribe, watch.getTimes);
}
