import { PracticeProblem } from "practice-client";
import { useEffect, useRef } from "react";

import { isWithoutReply } from "@/data/network";
import { useFormat, useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { ButtonLink } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";

import { type Interruption, type usePractice } from "./use_practice";

type Practice = ReturnType<typeof usePractice>;

/** Longer waits are told as a duration: nobody waits 30,000 seconds. */
const LONG_WAIT_SECONDS = 120;
/** Trying again is of no use. */
const FINAL = [
  "TEMPLATE_NOT_FOUND",
  "TEMPLATE_ARCHIVED",
  "PERMISSION_DENIED",
  "INVALID_ARGUMENT",
  "ASSIGNMENT_NOT_FOUND",
  "ASSIGNMENT_NOT_OPEN",
  "ASSIGNMENT_CLOSED",
];

/** A turn, or the opening, that failed: what happened, what became of the answer, and what to do. */
export function Failure({ practice }: { practice: Practice }) {
  const t = useMessages(texts);
  const format = useFormat();
  const { failed } = practice.thread;
  if (!failed) return null;
  const { error, input } = failed;
  const isFinal = !input && isFinalError(error);
  const wait = error instanceof PracticeProblem ? (error.retryAfterSeconds ?? 0) : 0;
  return (
    <div className="stack">
      {wait > LONG_WAIT_SECONDS ? (
        <Notice kind="bad">{t.wait(format.duration(wait))}</Notice>
      ) : (
        <ErrorNotice
          error={error}
          {...(isFinal ? {} : { retry: practice.retry })}
          isRetrying={practice.thread.status !== "ready" && !isOpeningFailed(practice)}
        />
      )}
      {input?.type === "answer" && (
        <p className="soft">{isWithoutReply(error) ? t.keptAnswer : t.failedAnswer}</p>
      )}
      {isFinal && (
        <p>
          <ButtonLink icon="templates" to="/templates">
            {t.toTemplates}
          </ButtonLink>
        </p>
      )}
    </div>
  );
}

function isOpeningFailed({ thread }: Practice): boolean {
  return thread.status === "opening" && thread.failed !== undefined;
}

function isFinalError(error: unknown): boolean {
  if (error instanceof PracticeProblem) return FINAL.includes(error.reason);
  return error instanceof Error && "code" in error && error.code === "permission-denied";
}

/** The thread here is no longer the newest: said in words, with one button that goes on. */
export function Interrupted({ practice }: { practice: Practice }) {
  const { interrupted } = practice.thread;
  return interrupted ? <InterruptedNotice why={interrupted} goOn={practice.open} /> : null;
}

function InterruptedNotice({ why, goOn }: { why: Interruption; goOn: () => void }) {
  const t = useMessages(texts);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const [title, text, action] = {
    movedOn: [t.movedOn, t.movedOnText, t.goOn],
    ended: [t.ended, t.endedText, t.beginAnother],
    stale: [t.stale, t.staleText, t.goOn],
  }[why];
  return (
    <section className="notice notice-warn" role="alert">
      <div className="grow stack">
        <h2>{title}</h2>
        <p>{text}</p>
        <div>
          <button ref={button} type="button" className="button button-primary" onClick={goOn}>
            {action}
          </button>
        </div>
      </div>
    </section>
  );
}
