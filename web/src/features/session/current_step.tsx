import { type RefObject, useEffect } from "react";

import type { SessionData } from "practice-client";
import { bounds } from "practice-client/bounds";

import { useLocalState } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { TextArea } from "@/ui/field";
import { RichText } from "@/ui/rich_text";

import { Clock } from "./clock";
import type { Question, Step } from "./content";
import { answerSlot } from "./kept";
import { Notes } from "./notes";
import type { Item } from "./pending";
import { useStepName } from "./step_name";
import type { Watch } from "./watch";

type Report = (item: Omit<Item, "node_id" | "duration_ms">, how: string) => void;

interface Props {
  sessionId: string;
  step: Step;
  steps: readonly Step[];
  content: SessionData;
  heading: RefObject<HTMLHeadingElement | null>;
  watch: Watch;
  canSkip: boolean;
  /** Whether the keys 1 to 4 grade: not below a dialog. */
  hasKeys: boolean;
  onReport: Report;
  onSkip: () => void;
  onWrite: (text: string) => void;
}

const GRADES = ["again", "hard", "good", "easy"] as const;

export function CurrentStep(props: Props) {
  const { step, steps, content, heading, watch, canSkip, onReport, onSkip } = props;
  const t = useMessages(texts);
  const name = useStepName(steps)(step);
  const number = steps.filter(({ kind }) => kind === "question").indexOf(step) + 1;
  const section = step.kind === "exercise" ? content.sections?.[step.section]?.name : t.otherQuestions;
  return (
    <section className="card" aria-label={t.now}>
      <div className="row between">
        <span className="soft small">{section}</span>
        <Clock watch={watch} step={step.key} label={t.timerOfStep(name)} />
      </div>
      <h2 ref={heading} tabIndex={-1}>
        {step.kind === "question" ? t.question(number) : name}
      </h2>
      {step.kind === "exercise" ? (
        <ExercisePart {...props} step={step} />
      ) : (
        <QuestionPart
          slot={answerSlot(props.sessionId, step.key)}
          question={step.question}
          isDone={step.isDone}
          onReport={onReport}
        />
      )}
      <div className="row">
        {step.kind === "exercise" && !step.isDone && (
          <Button icon="check" onClick={(event) => event.detail < 2 && onReport({ completed: true }, t.done)}>
            {t.complete}
          </Button>
        )}
        {canSkip && (
          <Button look="quiet" icon="right" onClick={onSkip}>
            {t.skip}
          </Button>
        )}
      </div>
    </section>
  );
}

function ExercisePart({
  step,
  hasKeys,
  onReport,
  onWrite,
}: Props & { step: Extract<Step, { kind: "exercise" }> }) {
  const t = useMessages(texts);
  const { name, notes } = step.exercise;
  const description = step.exercise["description"];
  return (
    <>
      {typeof description === "string" && description !== "" && <RichText text={description} />}
      {step.isDone ? (
        <div className="row">
          <Badge kind="good" icon="check">
            {t.isDone}
          </Badge>
          <Button small look="quiet" icon="undo" onClick={() => onReport({ completed: false }, t.notDone)}>
            {t.reopen}
          </Button>
        </div>
      ) : (
        <Grades hasKeys={hasKeys} onReport={onReport} />
      )}
      <Notes label={t.notesOn(name)} text={notes ?? ""} onWrite={onWrite} />
    </>
  );
}

function Grades({ hasKeys, onReport }: { hasKeys: boolean; onReport: Report }) {
  const t = useMessages(texts);
  useGradeKeys(hasKeys, (grade) => onReport({ grade }, t[grade]));
  return (
    <div className="field" role="group" aria-label={t.grades}>
      <strong>{t.grades}</strong>
      <div className="session-grades">
        {GRADES.map((grade, index) => (
          <Button
            key={grade}
            aria-keyshortcuts={String(index + 1)}
            // The second press of a double click would grade the next exercise.
            onClick={(event) => event.detail < 2 && onReport({ grade }, t[grade])}
          >
            {t[grade]}
            <kbd className="session-key" aria-hidden="true">
              {index + 1}
            </kbd>
          </Button>
        ))}
      </div>
      <span className="field-hint session-keys-hint">{t.gradesHint}</span>
    </div>
  );
}

function useGradeKeys(isOn: boolean, onGrade: (grade: (typeof GRADES)[number]) => void) {
  useEffect(() => {
    if (!isOn) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const grade = GRADES[Number(event.key) - 1];
      if (grade) onGrade(grade);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable], [role=menu]") !== null
  );
}

interface QuestionProps {
  /** Where this browser keeps the answer until it is reported. */
  slot: string;
  question: Question;
  isDone: boolean;
  onReport: Report;
}

/** A question of a quiz: free JSON. Shown is what usual keys say; the learner says whether it was right. */
function QuestionPart({ slot, question, isDone, onReport }: QuestionProps) {
  const t = useMessages(texts);
  const [answer, setAnswer] = useLocalState(slot, "");
  const choices = choicesOf(question["choices"]);
  const solution = textOf(question["answer"], choices) ?? textOf(question["correct_answer"], choices);
  const explanation = textOf(question["explanation"], []);
  const prompt = textOf(question["prompt"], []);
  const report = (correct: boolean) => {
    onReport({ correct, ...(answer.trim() ? { answer } : {}) }, correct ? t.wasRight : t.wasWrong);
    setAnswer(undefined);
  };
  return (
    <>
      {prompt && <RichText text={prompt} />}
      {choices.length > 0 && (
        <ul className="session-choices">
          {choices.map(({ id, text }) => (
            <li key={id}>{text}</li>
          ))}
        </ul>
      )}
      {isDone ? (
        <div className="row">
          <Badge kind="good" icon="check">
            {t.isDone}
          </Badge>
        </div>
      ) : (
        <>
          <TextArea
            label={t.answer}
            hint={t.selfReport}
            value={answer}
            maxLength={bounds.ReportedItem.answer.maxLength}
            onChange={(event) => setAnswer(event.target.value)}
          />
          {(solution ?? explanation) && (
            <details>
              <summary>{t.showAnswer}</summary>
              {solution && <p className="session-text">{solution}</p>}
              {explanation && <RichText text={explanation} />}
            </details>
          )}
          <div className="row">
            <Button icon="check" onClick={(event) => event.detail < 2 && report(true)}>
              {t.wasRight}
            </Button>
            <Button icon="cross" onClick={(event) => event.detail < 2 && report(false)}>
              {t.wasWrong}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

interface Choice {
  id: string;
  text: string;
}

function choicesOf(choices: unknown): Choice[] {
  if (!Array.isArray(choices)) return [];
  return choices.flatMap((choice: unknown, index) => {
    if (typeof choice === "string") return [{ id: `${index}.${choice}`, text: choice }];
    const { id, text } = (choice ?? {}) as Partial<Record<keyof Choice, unknown>>;
    return typeof text === "string" ? [{ id: typeof id === "string" ? id : String(index), text }] : [];
  });
}

/** A text or a number, or several; the ids of choices as their texts. */
function textOf(value: unknown, choices: Choice[]): string | undefined {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return choices.find(({ id }) => id === value)?.text ?? (value || undefined);
  if (!Array.isArray(value)) return undefined;
  const texts = value.flatMap((part: unknown) => textOf(part, choices) ?? []);
  return texts.length ? texts.join(", ") : undefined;
}
