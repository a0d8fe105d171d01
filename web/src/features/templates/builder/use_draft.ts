import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";

import { useBackEnd } from "@/data/back_end";
import { readLocal, writeLocal } from "@/data/local_state";

import { isSame } from "../model/compare";
import type { Draft } from "../model/draft";
import { type History, type Step, historyOf, step } from "../model/history";
import type { Kept, Pending } from "./kept";

const PAUSE_MS = 300;

export interface Base {
  draft: Draft;
  version: number | null;
}

interface State {
  history: History<Draft>;
  base: Base;
}

type Action = Step<Draft> | { type: "base"; base: Base };

function reduce(state: State, action: Action): State {
  if (action.type === "base") return { ...state, base: action.base };
  return { ...state, history: step(state.history, action) };
}

/** The draft with its history. What is not saved is kept in this browser, through reloads and sign-in pages. */
export function useDraft(slot: string, stored: Base) {
  const { uid } = useBackEnd();
  const kept = useMemo(() => keptOf(readLocal(uid, slot)), [uid, slot]);
  const [{ history, base }, dispatch] = useReducer(reduce, undefined, () => ({
    history: historyOf(kept?.draft ?? stored.draft),
    base: kept ? { draft: kept.base, version: kept.version } : stored,
  }));
  const draft = history.present;
  const isChanged = useMemo(() => !isSame(draft, base.draft), [draft, base]);
  const pending = useRef<Pending | null>(kept?.pending ?? null);

  const write = useCallback(() => {
    const value: Kept = {
      draft,
      base: base.draft,
      version: base.version,
      pending: pending.current,
      at: Date.now(),
    };
    writeLocal(uid, slot, isChanged || pending.current ? value : undefined);
  }, [uid, slot, draft, base, isChanged]);
  const isEnded = useRef(false);
  useEffect(() => {
    if (isEnded.current) return;
    // Not at each key: a large template takes milliseconds to write.
    let isWritten = false;
    const now = () => {
      if (!isWritten && !isEnded.current) write();
      isWritten = true;
    };
    const timer = setTimeout(now, PAUSE_MS);
    addEventListener("pagehide", now);
    return () => {
      clearTimeout(timer);
      removeEventListener("pagehide", now);
      now();
    };
  }, [write]);

  return {
    draft,
    base,
    isChanged,
    history,
    dispatch,
    /** When what this page began with was kept, undefined where it began with what is stored. */
    keptAt: kept?.at,
    pending: kept?.pending ?? null,
    keepPending: (value: Pending | null) => {
      pending.current = value;
      write();
    },
    /** Nothing is kept under this slot any more: the draft is stored under its id. */
    end: () => {
      isEnded.current = true;
      writeLocal(uid, slot, undefined);
    },
  };
}

function keptOf(value: unknown): Kept | undefined {
  // Of another version of the app it could be anything.
  const kept = value as Partial<Kept> | null | undefined;
  return Array.isArray(kept?.draft?.sections) && kept.base ? (kept as Kept) : undefined;
}
