import type { Question } from "practice-client";
import { type RefObject, type SubmitEvent, useEffect, useId, useRef, useState } from "react";

import { useLanguage, useMessages } from "@/i18n";
import { tutor } from "@/i18n/tutor";

import { Button } from "../button";
import { FieldError } from "../field";
import { Picture } from "../picture";
import { RichText } from "../rich_text";
import { AnswerFields } from "./answer_fields";
import { type Answer, type Draft, type Slip, answerOf, isSlip, promptOf } from "./answers";
import { KeyHelp, useQuestionKeys } from "./question_keys";
import { type Stem, StemText } from "./stem";
import "./tutor.css";

interface Props {
  question: Question;
  /** What it is a step of. */
  stem?: Stem | undefined;
  /** Shown as "Question 5"; without it just "Question". */
  number?: number;
  /** What was chosen or typed before: the ids of choices, or one text. Read once. */
  draft?: Draft | undefined;
  onDraft?: (draft: Draft) => void;
  onAnswer: (answer: Answer) => void;
  /** Absent where hints can't be asked for. */
  onHint?: () => void;
  /** A turn is under way: what is typed stays, and nothing is sent. */
  isBusy?: boolean;
  /** Why the answer was refused. */
  error?: string | undefined;
  /** A new question of a running practice takes the focus, so that it is read aloud and keys work. */
  takesFocus?: boolean;
  /** The id of an element that is read aloud before the question: the feedback on the answer before. */
  newsId?: string | undefined;
}

/** The form of the question's kind. Give it `key={question.question_id}`: each question has its own. */
export function QuestionForm(props: Props) {
  const { question, stem, number, onDraft, onAnswer, onHint, isBusy = false, error, newsId } = props;
  const t = useMessages(tutor);
  const { language } = useLanguage();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(props.draft ?? []);
  const [slip, setSlip] = useState<Slip>();
  useFocus(form, props.takesFocus ?? false);

  const change = (changed: Draft) => {
    if (isBusy) return;
    setDraft(changed);
    setSlip(undefined);
    onDraft?.(changed);
  };
  const submit = () => {
    if (isBusy) return;
    const answer = answerOf(question, draft, language);
    setSlip(isSlip(answer) ? answer : undefined);
    if (isSlip(answer)) form.current?.querySelector<HTMLElement>("[data-answer]")?.focus();
    else onAnswer(answer);
  };
  const askForHint = onHint && question.hints_left > 0 && !isBusy ? onHint : undefined;
  useQuestionKeys(form, { question, draft, change, submit, askForHint });

  const problem = slip ? slipText(slip, t.problems) : error;
  return (
    <form
      ref={form}
      className="card question"
      tabIndex={-1}
      noValidate
      aria-describedby={stem ? `${id}-stem` : undefined}
      aria-labelledby={[newsId, `${id}-head`, `${id}-prompt`].filter(Boolean).join(" ")}
      data-question={question.question_id}
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2 className="tutor-head" id={`${id}-head`}>
        {number === undefined ? t.question : t.questionOf(number)}
      </h2>
      {stem && <StemText stem={stem} id={`${id}-stem`} />}
      <div className="stack prompt" id={`${id}-prompt`}>
        <RichText text={promptOf(question)} />
        {question.image && <Picture image={question.image} />}
      </div>
      <AnswerFields
        question={question}
        draft={draft}
        onChange={change}
        labelledBy={`${id}-prompt`}
        describedBy={problem ? `${id}-error` : undefined}
      />
      <FieldError id={`${id}-error`} error={problem} />
      <div className="row">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t.answer}
        </Button>
        {onHint && question.hints_left > 0 && (
          <Button icon="hint" isBusy={isBusy} onClick={onHint}>
            {t.getHint(question.hints_left)}
          </Button>
        )}
      </div>
      <KeyHelp question={question} hasHints={onHint !== undefined && question.hints_left > 0} />
    </form>
  );
}

/**
 * The form itself takes the focus, not its field: feedback and question are then read in their order, and on
 * a phone no keyboard covers them. Typing goes to the field all the same: see useQuestionKeys.
 */
function useFocus(form: RefObject<HTMLFormElement | null>, takesFocus: boolean): void {
  useEffect(() => {
    if (takesFocus) form.current?.focus({ preventScroll: true });
  }, [form, takesFocus]);
}

type SlipTexts = typeof tutor.en.problems;

function slipText(slip: Slip, t: SlipTexts): string {
  return slip.kind === "ambiguous" ? t.ambiguous(slip.short, slip.long) : t[slip.kind];
}
