/** What is typed and not answered yet, and the time spent on it: both survive a reload. */

import type { StoredSession } from "practice-client";
import { useEffect, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { readLocal, writeLocal } from "@/data/local_state";
import type { Draft } from "@/ui/tutor/answers";

interface Kept {
  question_id: string;
  draft: Draft;
  spent_ms: number;
}

/** One entry a session, so that nothing piles up. */
const nameOf = (sessionId: string) => `practice.${sessionId}`;

export function forgetDraft(uid: string, state: StoredSession | undefined): void {
  if (state) writeLocal(uid, nameOf(state.session_id), undefined);
}

/** The longest duration that an answer may have, a day. */
const MOST_MS = 86_400_000;

/** The draft of one question. It counts the time in which the question is seen, not that in a hidden tab. */
class KeptDraft {
  draft: Draft = [];
  private spentMs = 0;
  private since: number | undefined;

  constructor(
    private readonly uid: string,
    private readonly sessionId: string,
    private readonly questionId: string,
  ) {
    const kept = readLocal(uid, nameOf(sessionId)) as Partial<Kept> | undefined;
    if (kept?.question_id === questionId) {
      this.draft = kept.draft ?? [];
      this.spentMs = kept.spent_ms ?? 0;
    }
    this.count(!document.hidden);
  }

  count(isSeen: boolean): void {
    this.spentMs = this.spent();
    this.since = isSeen ? performance.now() : undefined;
  }

  spent(): number {
    const now = this.since === undefined ? 0 : performance.now() - this.since;
    return Math.min(Math.round(this.spentMs + now), MOST_MS);
  }

  change(draft: Draft): void {
    this.draft = draft;
    this.keep();
  }

  keep(): void {
    const kept: Kept = { question_id: this.questionId, draft: this.draft, spent_ms: this.spent() };
    writeLocal(this.uid, nameOf(this.sessionId), kept);
  }
}

export function useDraft(sessionId: string, questionId: string): KeptDraft {
  const { uid } = useBackEnd();
  const [draft] = useState(() => new KeptDraft(uid, sessionId, questionId));
  useEffect(() => {
    const seen = () => {
      draft.count(!document.hidden);
      if (document.hidden) draft.keep();
    };
    const left = () => draft.keep();
    document.addEventListener("visibilitychange", seen);
    addEventListener("pagehide", left);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      removeEventListener("pagehide", left);
    };
  }, [draft]);
  return draft;
}
