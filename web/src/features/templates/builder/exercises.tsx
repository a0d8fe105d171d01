import { bounds } from "practice-client/bounds";
import { type ReactNode, memo } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";

import {
  copyOfExercise,
  insertAfter,
  moveExercise,
  moveTo,
  removeFrom,
  updateExercise,
  updateSection,
} from "../model/changes";
import { type Exercise, type Section, newQuestion } from "../model/draft";
import { keysOf, placeOf } from "../model/places";
import { useActions, useIsOpen } from "./contexts";
import { Disclosure } from "./disclosure";
import { Text } from "./fields";
import { AddButton } from "./entries";
import { PartMenu } from "./part_menu";
import { Questions } from "./questions";
import { Sortable } from "./sortable";

const of = bounds.Exercise;

interface Props {
  section: Section;
  /** The section's place among the others, into which exercises are moved. */
  isFirst: boolean;
  isLast: boolean;
}

export function Exercises({ section, isFirst, isLast }: Props) {
  const { exercises } = section;
  const t = useMessages(templateBuilder);
  const { change } = useActions();
  return (
    <Sortable
      entries={exercises}
      nameOf={({ name }) => name || t.unnamed}
      onMove={(key, place) =>
        change((draft) =>
          updateSection(draft, section.key, (before) => ({
            ...before,
            exercises: moveTo(before.exercises, key, place),
          })),
        )
      }
    >
      {(exercise, handle, place) => (
        <ExerciseCard
          section={section}
          exercise={exercise}
          handle={handle}
          next={(exercises[place + 1] ?? exercises[place - 1])?.key}
          canMoveUp={!isFirst || place > 0}
          canMoveDown={!isLast || place < exercises.length - 1}
        />
      )}
    </Sortable>
  );
}

interface CardProps {
  section: Section;
  exercise: Exercise;
  handle: ReactNode;
  next: string | undefined;
  canMoveUp: boolean;
  canMoveDown: boolean;
}

function ExerciseCard({ handle, ...props }: CardProps) {
  const { exercise } = props;
  const t = useMessages(templateBuilder);
  const isOpen = useIsOpen(exercise.key);
  const { key, name, skill, description, questions } = exercise;
  const about = [skill, questions.length ? t.questionCount(questions.length) : description]
    .filter(Boolean)
    .join(" · ");
  return (
    <div className="part part-inner" role="group" aria-label={name || t.unnamed}>
      <div className="part-head">
        {handle}
        <Disclosure
          id={key}
          title={name || t.unnamedExercise}
          level={4}
          about={about.length > 80 ? `${about.slice(0, 80)}…` : about}
          keys={[key, ...questions.flatMap((question) => keysOf(question, exercise))]}
        />
        <ExerciseMenu {...props} />
      </div>
      {isOpen && <ExerciseBody exercise={exercise} />}
    </div>
  );
}

function ExerciseMenu({ section, exercise, next, canMoveUp, canMoveDown }: Omit<CardProps, "handle">) {
  const t = useMessages(templateBuilder);
  const { change, reveal } = useActions();
  const { key } = exercise;
  const update = (to: (exercises: readonly Exercise[]) => readonly Exercise[]) =>
    change((draft) =>
      updateSection(draft, section.key, (before) => ({ ...before, exercises: to(before.exercises) })),
    );
  return (
    <PartMenu
      name={exercise.name || t.unnamed}
      canMoveUp={canMoveUp}
      canMoveDown={canMoveDown}
      onMove={(by) => change((draft) => moveExercise(draft, key, by))}
      onDuplicate={() => {
        const copy = copyOfExercise(exercise);
        update((exercises) => insertAfter(exercises, key, copy));
        reveal(placeOf(copy, "name"), copy.key);
      }}
      onRemove={() => update((exercises) => removeFrom(exercises, key))}
      nextPlace={next ? `${next}.toggle` : placeOf(section, "add")}
    />
  );
}

const ExerciseBody = memo(function ExerciseBody({ exercise }: { exercise: Exercise }) {
  const t = useMessages(templateBuilder);
  const { change, edit, editQuestion } = useActions();
  const { key, name, skill, description } = exercise;
  const set = (field: "name" | "skill" | "description") => (value: string) =>
    edit(placeOf(exercise, field), (draft) =>
      updateExercise(draft, key, (before) => ({ ...before, [field]: value })),
    );
  const add = () => {
    const last = exercise.questions.at(-1);
    const question = newQuestion(last?.kind);
    change((draft) =>
      updateExercise(draft, key, (before) => ({ ...before, questions: [...before.questions, question] })),
    );
    editQuestion(question.key);
  };
  return (
    <div className="stack part-body">
      <div className="columns">
        <Text
          at={placeOf(exercise, "name")}
          label={t.exerciseName}
          value={name}
          onEdit={set("name")}
          most={of.name.maxLength}
          isRequired
        />
        <Text
          at={placeOf(exercise, "skill")}
          label={t.skill}
          hint={t.skillHint}
          value={skill}
          onEdit={set("skill")}
          most={of.skill.maxLength}
        />
      </div>
      <Text
        at={placeOf(exercise, "description")}
        label={t.exerciseDescription}
        value={description}
        onEdit={set("description")}
        most={of.description.maxLength}
        area
      />
      <Questions exercise={exercise} />
      <AddButton place={placeOf(exercise, "add")} text={t.addQuestion} onAdd={add} />
    </div>
  );
});
