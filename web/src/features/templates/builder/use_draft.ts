import { type ActionDispatch, useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";

import { isSame } from "../model/compare";
import type { Draft } from "../model/draft";
import { type History, type Step, historyOf, step } from "../model/history";
import type { DraftSlot, Pending } from "./kept";

const PAUSE_MS = 300;

export interface Base {
  draft: Draft;
  version: number | null;
}

interface State {
  history: History<Draft>;
  base: Base;
}

export type Change = Step<Draft> | { type: "base"; base: Base };
export type Dispatch = ActionDispatch<[change: Change]>;

function reduce(state: State, change: Change): State {
  if (change.type === "base") return { ...state, base: change.base };
  return { ...state, history: step(state.history, change) };
}

/** The draft with its history. What is not saved is kept in this browser, through reloads and sign-in pages. */
export function useDraft(slot: DraftSlot, stored: Base) {
  const [kept] = useState(() => slot.read());
  const [{ history, base }, dispatch] = useReducer(reduce, undefined, () => ({
    history: historyOf(kept?.draft ?? stored.draft),
    base: kept ? { draft: kept.base, version: kept.version } : stored,
  }));
  const draft = history.present;
  const isChanged = useMemo(() => !isSame(draft, base.draft), [draft, base]);
  const { keepPending, end } = useKeeping(slot, { draft, base, isChanged }, kept?.pending ?? null);
  return {
    draft,
    base,
    isChanged,
    history,
    dispatch,
    /** When what this page began with was kept, undefined where it began with what is stored. */
    keptAt: kept?.at,
    pending: kept?.pending ?? null,
    keepPending,
    end,
  };
}

interface Current {
  draft: Draft;
  base: Base;
  isChanged: boolean;
}

/** Writes what is not saved into the slot, a moment after each change. */
function useKeeping(slot: DraftSlot, { draft, base, isChanged }: Current, wasPending: Pending | null) {
  const latest = useRef<Current>({ draft, base, isChanged });
  const pending = useRef(wasPending);
  const isEnded = useRef(false);
  const write = useCallback(() => {
    const { draft, base, isChanged } = latest.current;
    const value = {
      draft,
      base: base.draft,
      version: base.version,
      pending: pending.current,
      at: Date.now(),
    };
    if (!isEnded.current) slot.write(isChanged || pending.current ? value : undefined);
  }, [slot]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const writeNow = useCallback(() => {
    if (timer.current === undefined) return;
    clearTimeout(timer.current);
    timer.current = undefined;
    write();
  }, [write]);
  useEffect(() => {
    const before = latest.current;
    latest.current = { draft, base, isChanged };
    if (before.draft === draft && before.base === base) return;
    // Not at each key: a large template takes milliseconds to write.
    timer.current ??= setTimeout(writeNow, PAUSE_MS);
  }, [writeNow, draft, base, isChanged]);
  useEffect(() => {
    addEventListener("pagehide", writeNow);
    return () => {
      removeEventListener("pagehide", writeNow);
      writeNow();
    };
  }, [writeNow]);
  return {
    /** Keeps a creation that is under way. */
    keepPending: (value: Pending | null) => {
      pending.current = value;
      write();
    },
    /** Nothing is kept here any more: the draft is stored, or its template is gone. */
    end: () => {
      isEnded.current = true;
      slot.write(undefined);
    },
  };
}
