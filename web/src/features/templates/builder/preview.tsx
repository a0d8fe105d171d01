import type { Message, Question, StoredSession, ToolCall } from "practice-client";
import { PracticeProblem } from "practice-client";
import { useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useLanguage, useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { checks } from "@/i18n/template_checks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Skeleton } from "@/ui/page";
import type { Answer } from "@/ui/tutor/answers";
import { ConceptCard } from "@/ui/tutor/concept_card";
import { FeedbackCard } from "@/ui/tutor/feedback_card";
import { HintCard } from "@/ui/tutor/hint_card";
import { QuestionForm } from "@/ui/tutor/question_form";
import type { Stem } from "@/ui/tutor/stem";

import { checkDraft } from "../model/check";
import type { Draft } from "../model/draft";
import { contentOf } from "../model/write";
import { Outline } from "../outline";

interface Turn {
  /** The same question may come again, with another number. A hint leaves it, and what is chosen. */
  number: number;
  session: StoredSession;
  calls: ToolCall[];
  question: Question | undefined;
  stem: Stem | undefined;
}

type Input =
  | { type: "answer"; question_id: string; answer: string | number | string[] }
  | { type: "hint" }
  | { type: "continue" };

/** The template as a student sees it, saved or not: its overview, and real turns that nothing stores. */
export default function Preview({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const t = useMessages(templateBuilder);
  const { language } = useLanguage();
  const [problems] = useState(() =>
    checkDraft({ ...draft, name: draft.name || t.unnamed }, checks[language]),
  );
  const [isPractising, setPractising] = useState(false);
  const practice = usePractice(draft);
  const begin = () => {
    setPractising(true);
    practice.take();
  };
  const hasExercises = draft.sections.some(({ exercises }) => exercises.length > 0);
  return (
    <Dialog title={t.previewOf(draft.name || t.unnamed)} isOpen wide onClose={onClose}>
      <p className="soft">{t.previewText}</p>
      {isPractising ? (
        <Practice practice={practice} />
      ) : (
        <>
          <Outline template={{ description: draft.description, template_data: contentOf(draft) }} level={3} />
          {!hasExercises && <Notice>{t.previewEmpty}</Notice>}
          {problems.length > 0 && <Notice kind="warn">{t.previewProblems(problems.length)}</Notice>}
          {hasExercises && problems.length === 0 && (
            <div className="row">
              <Button look="primary" icon="play" onClick={begin}>
                {t.previewPractise}
              </Button>
            </div>
          )}
        </>
      )}
    </Dialog>
  );
}

function Practice({ practice }: { practice: ReturnType<typeof usePractice> }) {
  const t = useMessages(templateBuilder);
  const { turn, isBusy, error, retry, slip, take } = practice;
  // The question to which feedback belongs is the one before.
  const [answered, setAnswered] = useState<{ question: Question; answer: Answer }>();
  if (!turn)
    return error === undefined ? (
      <Skeleton height={16} />
    ) : (
      <ErrorNotice error={error} retry={retry} isRetrying={isBusy} />
    );
  const { number, calls, question, stem } = turn;
  return (
    <div className="stack" aria-live="polite">
      {calls.map((call) => {
        if (call.name === "concept_presentation")
          return <ConceptCard key={call.id} concept={call.args.concept} />;
        if (call.name === "feedback_presentation")
          return <FeedbackCard key={call.id} feedback={call.args} {...answered} />;
        if (call.name === "hint_presentation") return <HintCard key={call.id} hint={call.args} />;
        return null;
      })}
      {error !== undefined && <ErrorNotice error={error} retry={retry} isRetrying={isBusy} />}
      {question ? (
        <QuestionForm
          key={number}
          question={question}
          stem={stem}
          isBusy={isBusy}
          error={slip}
          onHint={() => take({ type: "hint" })}
          onAnswer={(answer) => {
            setAnswered({ question, answer });
            take({ type: "answer", question_id: question.question_id, answer });
          }}
        />
      ) : (
        <div className="row">
          <Button look="primary" isBusy={isBusy} onClick={() => take({ type: "continue" })}>
            {t.previewContinue}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Turns on what is typed, not on what is stored. A turn stores nothing, so that it may be repeated. */
function usePractice(draft: Draft) {
  const { driver } = useBackEnd();
  const t = useMessages(templateBuilder);
  const [turn, setTurn] = useState<Turn>();
  const [slip, setSlip] = useState<string>();
  const request = (input: Input | undefined) => {
    if (turn) return driver.practiceTurn({ stored_session: turn.session }, input);
    const source_data = { name: draft.name.trim() || t.unnamed, template_data: contentOf(draft) };
    return driver.practiceTurn({ source_data });
  };
  const { run, isBusy, error, retry } = useAction(async (input?: Input) => {
    setSlip(undefined);
    try {
      const { session_context, messages } = await request(input);
      setTurn((before) => turnOf(before?.number ?? 0, session_context.stored_session, messages));
    } catch (failure) {
      if (input?.type !== "answer" || !isSlip(failure)) throw failure;
      setSlip(failure.errors[0]?.message ?? failure.message);
    }
  });
  return { turn, isBusy, error, retry, slip, take: run };
}

/** The answer could not be read: nothing has happened, and the field says why. */
function isSlip(failure: unknown): failure is PracticeProblem {
  return failure instanceof PracticeProblem && failure.reason === "INVALID_ARGUMENT";
}

function turnOf(before: number, session: StoredSession, messages: Message[]): Turn {
  const calls = messages.flatMap((message) => (message.type === "ai" ? message.tool_calls : []));
  const last = calls.at(-1);
  const isHint = calls.some(({ name }) => name === "hint_presentation");
  const asked = last?.name === "question_presentation" ? last.args : undefined;
  const number = isHint ? before : before + 1;
  return { number, session, calls, question: asked?.question, stem: asked?.stem };
}
