import { bounds } from "practice-client/bounds";
import { type ReactNode, memo } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Button } from "@/ui/button";
import { Menu } from "@/ui/menu";

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
import { placeOf } from "../model/places";
import { keysOfQuestion, useActions, useIsOpen } from "./contexts";
import { Disclosure } from "./disclosure";
import { Text } from "./fields";
import { Questions } from "./questions";
import { Sortable } from "./sortable";

const of = bounds.Exercise;

export function Exercises({ section, exercises }: { section: Section; exercises: readonly Exercise[] }) {
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
}

function ExerciseCard({ section, exercise, handle, next }: CardProps) {
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
          keys={[key, ...questions.flatMap(keysOfQuestion)]}
        />
        <ExerciseMenu section={section} exercise={exercise} next={next} />
      </div>
      {isOpen && <ExerciseBody exercise={exercise} />}
    </div>
  );
}

function ExerciseMenu({ section, exercise, next }: Omit<CardProps, "handle">) {
  const t = useMessages(templateBuilder);
  const { change, reveal, tell } = useActions();
  const { key } = exercise;
  const name = exercise.name || t.unnamed;
  const move = (by: -1 | 1) => {
    change((draft) => moveExercise(draft, key, by));
    tell(t.moved(name));
  };
  return (
    <Menu
      button={{ look: "quiet", small: true, icon: "menu", "aria-label": t.actionsOf(name) }}
      entries={[
        { text: t.moveUp, icon: "up", onSelect: () => move(-1) },
        { text: t.moveDown, icon: "down", onSelect: () => move(1) },
        {
          text: t.duplicate,
          icon: "copy",
          onSelect: () => {
            const copy = copyOfExercise(exercise);
            change((draft) =>
              updateSection(draft, section.key, (before) => ({
                ...before,
                exercises: insertAfter(before.exercises, key, copy),
              })),
            );
            reveal(placeOf(copy, "name"), copy.key);
          },
        },
        {
          text: t.remove,
          icon: "trash",
          onSelect: () => {
            change((draft) =>
              updateSection(draft, section.key, (before) => ({
                ...before,
                exercises: removeFrom(before.exercises, key),
              })),
            );
            reveal(next ? `${next}.toggle` : placeOf(section, "add"));
            tell(t.removed(name));
          },
        },
      ]}
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
      <div className="row">
        <Button small icon="plus" data-place={placeOf(exercise, "add")} onClick={add}>
          {t.addQuestion}
        </Button>
      </div>
    </div>
  );
});
