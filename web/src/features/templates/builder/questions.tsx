import type { ReactNode } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Badge } from "@/ui/badge";
import { Icon } from "@/ui/icons";

import { copyOfQuestion, insertAfter, moveBy, moveTo, removeFrom, updateExercise } from "../model/changes";
import { type Exercise, type Question, stemOf } from "../model/draft";
import { keysOf, placeOf } from "../model/places";
import { useActions, useProblemCount } from "./contexts";
import { PartMenu } from "./part_menu";
import { Sortable } from "./sortable";

const SHOWN_OF_PROMPT = 80;
const SHOWN_OF_STEM = 40;

/** The questions of an exercise, a line each. A question is edited in a dialog of its own. */
export function Questions({ exercise }: { exercise: Exercise }) {
  const t = useMessages(templateBuilder);
  const { change } = useActions();
  const { key, questions } = exercise;
  if (questions.length === 0) return null;
  return (
    <Sortable
      entries={questions}
      nameOf={({ prompt }) => prompt.slice(0, SHOWN_OF_PROMPT) || t.unnamed}
      onMove={(moved, place) =>
        change((draft) =>
          updateExercise(draft, key, (before) => ({
            ...before,
            questions: moveTo(before.questions, moved, place),
          })),
        )
      }
      ordered
    >
      {(question, handle, place) => (
        <QuestionLine
          exercise={exercise}
          question={question}
          handle={handle}
          place={place}
          next={(questions[place + 1] ?? questions[place - 1])?.key}
        />
      )}
    </Sortable>
  );
}

interface Props {
  exercise: Exercise;
  question: Question;
  handle: ReactNode;
  place: number;
  next: string | undefined;
}

function QuestionLine({ exercise, question, handle, place, next }: Props) {
  const t = useMessages(templateBuilder);
  const { editQuestion } = useActions();
  const stem = stemOf(exercise, question);
  const count = useProblemCount(keysOf(question, exercise));
  return (
    <div className="part-head question-line">
      {handle}
      <button
        type="button"
        className="disclosure"
        data-place={`${question.key}.toggle`}
        aria-haspopup="dialog"
        onClick={() => editQuestion(question.key)}
      >
        <span className="disclosure-text">
          <span className="question-prompt">{question.prompt || t.unnamedQuestion}</span>
          <span className="soft small">
            {t.kinds[question.kind]}
            {stem && ` · ${t.stepOf(stem.text.slice(0, SHOWN_OF_STEM) || t.unnamed)}`}
          </span>
          {count > 0 && (
            <Badge kind="bad" icon="warning">
              {t.problemCount(count)}
            </Badge>
          )}
        </span>
        <Icon name="log" size={18} />
      </button>
      <QuestionMenu exercise={exercise} question={question} place={place} next={next} />
    </div>
  );
}

function QuestionMenu({ exercise, question, place, next }: Omit<Props, "handle">) {
  const t = useMessages(templateBuilder);
  const { change, editQuestion } = useActions();
  const { key } = question;
  const update = (to: (questions: readonly Question[]) => readonly Question[]) =>
    change((draft) =>
      updateExercise(draft, exercise.key, (before) => ({ ...before, questions: to(before.questions) })),
    );
  return (
    <PartMenu
      name={question.prompt.slice(0, SHOWN_OF_PROMPT) || t.unnamed}
      canMoveUp={place > 0}
      canMoveDown={place < exercise.questions.length - 1}
      onMove={(by) => update((questions) => moveBy(questions, key, by))}
      onDuplicate={() => {
        const copy = copyOfQuestion(question);
        update((questions) => insertAfter(questions, key, copy));
        editQuestion(copy.key);
      }}
      onRemove={() => update((questions) => removeFrom(questions, key))}
      nextPlace={next ? `${next}.toggle` : placeOf(exercise, "add")}
    />
  );
}
