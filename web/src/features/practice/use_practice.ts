import {
  type PracticeSessionDriver,
  PracticeProblem,
  type StoredSession,
  type ToolCall,
  type TurnInput,
  type TutoredPractice,
} from "practice-client";
import { useEffect, useEffectEvent, useRef, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { type Failure, useRetries } from "@/data/network";
import type { Answer } from "@/ui/tutor/answers";
import { preloadRichText } from "@/ui/rich_text";

import { forgetDraft } from "./draft";
import { type Entry, answered, dropped, hinted, presented } from "./entries";

/** Why the thread here is no longer the newest. */
export type Interruption = "movedOn" | "ended" | "stale";

export interface Thread {
  status: "opening" | "ready" | "taking";
  entries: readonly Entry[];
  /** The number of the latest turn, which tells the entries of one turn from another's. */
  turn: number;
  state: StoredSession | undefined;
  isResumed: boolean;
  isStored: boolean;
  /** The block that the tutor went on with after its model failed. */
  degradedBlock: string | null;
  /** What the turn under way is about: the step that takes time, and what it has presented so far. */
  working: "generating_block" | "grading" | undefined;
  input: TurnInput | undefined;
  streamed: readonly ToolCall[];
  /** What was answered or asked for in the meantime: it comes next. */
  queued: TurnInput | undefined;
  /** The answer was refused as it is. */
  refused: PracticeProblem | undefined;
  /** The turn, or the opening without `input`, can be tried again. */
  failed: Failed | undefined;
  interrupted: Interruption | undefined;
}

/** What no longer counts once a turn has begun or ended. */
const SETTLED = {
  status: "ready",
  working: undefined,
  input: undefined,
  streamed: [],
  queued: undefined,
  refused: undefined,
  failed: undefined,
  interrupted: undefined,
} as const satisfies Partial<Thread>;

const NEW: Thread = {
  ...SETTLED,
  status: "opening",
  entries: [],
  turn: 0,
  state: undefined,
  isResumed: false,
  isStored: true,
  degradedBlock: null,
};

interface Failed extends Failure {
  input?: TurnInput;
}

const ENDED = ["SESSION_NOT_ACTIVE", "SESSION_NOT_FOUND", "CONTEXT_FORKED"];

/** A session that a tutor runs: it begins or resumes, takes turns, and tries again what got no reply. */
export function usePractice<Kind extends TutoredPractice>(create: (driver: PracticeSessionDriver) => Kind) {
  const { driver, uid } = useBackEnd();
  const [practice] = useState(() => create(driver));
  const [thread, setThread] = useState(NEW);
  const turns = useRef(0);
  const isBusy = useRef(false);
  /** Since the last turn that was taken. */
  const failures = useRef(0);
  const queued = useRef<TurnInput>(undefined);
  const patch = (changes: Partial<Thread>) => setThread((before) => ({ ...before, ...changes }));

  /** One turn at a time, whose progress is shown as it comes. What is asked for meanwhile comes next. */
  const run = async (
    work: (listen: Listener, turn: number) => Promise<Change>,
    onFailure: (failure: Failure) => Change,
  ) => {
    isBusy.current = true;
    turns.current += 1;
    const turn = turns.current;
    patch({ turn });
    const streamed: ToolCall[] = [];
    const listen: Listener = (event) => {
      if (event.type === "working") patch({ working: event.on });
      else if (event.message.type === "ai") {
        streamed.push(...event.message.tool_calls);
        preload(event.message.tool_calls);
        patch({ working: undefined, streamed: [...streamed] });
      }
    };
    let change: Change;
    let isTaken = true;
    try {
      change = await work(listen, turn);
      failures.current = 0;
    } catch (error) {
      change = onFailure({ error, attempt: failures.current });
      failures.current += 1;
      isTaken = false;
    }
    isBusy.current = false;
    const { state, isStored } = practice;
    setThread((before) => ({
      ...before,
      ...SETTLED,
      state,
      isStored,
      degradedBlock: degradedBlockOf(state) ?? before.degradedBlock,
      ...change(before),
    }));
    const next = queued.current;
    queued.current = undefined;
    if (next && isTaken) take(next);
  };

  const open = () => {
    if (isBusy.current) return;
    patch({ ...NEW, state: practice.state });
    void run(
      async (listen, turn) => {
        const { calls } = await practice.begin(listen);
        preload(calls);
        const isNew = calls.some(
          (call) =>
            call.name === "concept_presentation" &&
            (call.args.full_session_payload ?? call.args.progress.questions_answered === 0),
        );
        return () => ({ entries: presented(calls, turn), isResumed: !isNew });
      },
      (failure) => () => ({ status: "opening", failed: failure }),
    );
  };

  const take = (input: TurnInput) => {
    if (isBusy.current) {
      queued.current = input;
      patch({ queued: input });
      return;
    }
    const state = practice.state;
    patch({ ...SETTLED, status: "taking", input });
    void run(
      async (listen, turn) => {
        const { calls, movedOn } = await practice.take(input, listen);
        preload(calls);
        if (input.type === "answer") forgetDraft(uid, state, input.question_id);
        if (movedOn) {
          queued.current = undefined;
          return ({ entries }) => ({ entries: dropped(entries, answerIn(input)), interrupted: "movedOn" });
        }
        const after = practice.state;
        switch (input.type) {
          case "hint":
            return ({ entries }) => ({ entries: hinted(entries, calls, turn) });
          case "continue":
            return () => ({});
          case "answer":
            return ({ entries }) => ({
              entries: answered(entries, input.answer, calls, turn, state, after),
              isResumed: false,
            });
        }
      },
      (failure) => (before) => afterFailure({ ...failure, input }, before.entries),
    );
  };

  /** The thread with what the turn under way has presented so far. */
  const withStreamed = (): readonly Entry[] => {
    const { entries, input, streamed, state, turn } = thread;
    if (!streamed.length) return entries;
    if (!input) return presented(streamed, turn);
    if (input.type === "hint") return hinted(entries, streamed, turn);
    return input.type === "answer" ? answered(entries, input.answer, streamed, turn, state) : entries;
  };

  const retry = () => {
    if (isBusy.current) return;
    if (thread.failed?.input) take(thread.failed.input);
    else open();
  };

  const openFirst = useEffectEvent(open);
  const hasOpened = useRef(false);
  useEffect(() => {
    if (hasOpened.current) return;
    hasOpened.current = true;
    openFirst();
  }, []);

  useRetries(thread.failed, retry);
  const goOn = useEffectEvent(() => {
    if (thread.status === "ready" && !thread.interrupted && !thread.isStored) take({ type: "continue" });
  });
  useEffect(() => {
    const listener = () => goOn();
    addEventListener("online", listener);
    return () => removeEventListener("online", listener);
  }, []);

  return {
    practice,
    thread,
    withStreamed,
    answer: (question_id: string, answer: Answer, duration_ms: number) =>
      take({ type: "answer", question_id, answer, duration_ms }),
    hint: () => {
      if (!isBusy.current) take({ type: "hint" });
    },
    /** Stores a turn that could not be stored when it was taken. */
    store: () => {
      if (!isBusy.current) take({ type: "continue" });
    },
    retry,
    /** Goes on from the newest state, or begins another session where this one has ended. */
    open,
    /** What failed is not repeated once the answer is changed. */
    forgetFailure: () => {
      if (thread.failed ?? thread.refused) patch({ failed: undefined, refused: undefined });
    },
  };
}

/** What a turn changes in the thread as it then is. */
type Change = (before: Thread) => Partial<Thread>;
type Listener = NonNullable<Parameters<TutoredPractice["take"]>[1]>;

/** The block that the template's own questions make up, where a model should have written it. */
function degradedBlockOf(state: StoredSession | undefined): string | null {
  return state?.degraded && state.tutor === "offline" ? state.current.block_id : null;
}

function answerIn(input: TurnInput): Answer | undefined {
  return input.type === "answer" ? input.answer : undefined;
}

function afterFailure(failed: Failure & { input: TurnInput }, entries: readonly Entry[]): Partial<Thread> {
  const { error, input } = failed;
  if (!(error instanceof PracticeProblem)) return { failed };
  if (ENDED.includes(error.reason))
    return { entries: dropped(entries, answerIn(input)), interrupted: "ended" };
  if (error.reason === "SESSION_CONTEXT_TAMPERED")
    return { entries: dropped(entries, answerIn(input)), interrupted: "stale" };
  if (error.reason === "INVALID_ARGUMENT" && input.type === "answer") {
    const isOfAnotherQuestion = error.errors.some(({ path }) => path.endsWith("question_id"));
    return isOfAnotherQuestion ? { interrupted: "stale" } : { refused: error };
  }
  return { failed };
}

/** Parsers of Markdown and TeX are on their way before the texts are shown. */
function preload(calls: readonly ToolCall[]): void {
  for (const { args } of calls) {
    if ("concept" in args) preloadRichText([args.concept.explanation, args.concept.worked_example ?? ""]);
    if ("question" in args)
      preloadRichText([args.question.prompt, ...(args.question.choices ?? []).map(({ text }) => text)]);
    if ("feedback" in args) preloadRichText([args.feedback]);
    if ("hint" in args) preloadRichText([args.hint ?? ""]);
  }
}
