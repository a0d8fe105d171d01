/** What is typed and not answered yet, and the time spent on it: both survive a reload. */

import type { StoredSession } from "practice-client";
import { bounds } from "practice-client/bounds";
import { useEffect, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { readLocal, writeLocal } from "@/data/local_state";
import type { Draft } from "@/ui/tutor/answers";

interface Kept {
  question_id: string;
  /** The place in the session: a question that returns later begins empty. */
  number: number;
  draft: Draft;
  spent_ms: number;
}

/** One entry a session, so that nothing piles up. */
const nameOf = (sessionId: string) => `practice.${sessionId}`;

/** Removes the draft of the question that was answered, and not one of the next, which may be begun already. */
export function forgetDraft(uid: string, state: StoredSession | undefined, questionId: string): void {
  if (!state) return;
  const kept = readLocal(uid, nameOf(state.session_id));
  if (isOf(kept, questionId, state.progress.questions_answered + 1)) forgetDrafts(uid, state.session_id);
}

export function forgetDrafts(uid: string, sessionId: string): void {
  writeLocal(uid, nameOf(sessionId), undefined);
}

function isOf(kept: unknown, questionId: string, number: number): kept is Kept {
  const found = kept as Partial<Kept> | undefined;
  return found?.question_id === questionId && found.number === number && Array.isArray(found.draft);
}

const MOST_MS = bounds.AnswerInput.duration_ms.maximum;

/** The draft of one question. It counts the time in which the question is seen, not that in a hidden tab. */
export class KeptDraft {
  draft: Draft = [];
  /** What this tab has read or written last, as JSON. */
  private known: string | undefined;
  private spentMs = 0;
  private since: number | undefined;

  constructor(
    private readonly uid: string,
    private readonly sessionId: string,
    private readonly questionId: string,
    private readonly number: number,
  ) {
    const kept = readLocal(uid, nameOf(sessionId));
    this.known = JSON.stringify(kept);
    if (isOf(kept, questionId, number)) {
      this.draft = kept.draft;
      this.spentMs = kept.spent_ms;
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
    this.write();
  }

  /** Keeps the time spent, unless another tab has changed or removed the draft: that one is newer. */
  keep(): void {
    const kept = readLocal(this.uid, nameOf(this.sessionId));
    if (JSON.stringify(kept) === this.known) this.write();
  }

  private write(): void {
    const { questionId: question_id, number, draft } = this;
    const kept: Kept = { question_id, number, draft, spent_ms: this.spent() };
    writeLocal(this.uid, nameOf(this.sessionId), kept);
    this.known = JSON.stringify(kept);
  }
}

export function useDraft(sessionId: string, questionId: string, number: number): KeptDraft {
  const { uid } = useBackEnd();
  const [draft] = useState(() => new KeptDraft(uid, sessionId, questionId, number));
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
