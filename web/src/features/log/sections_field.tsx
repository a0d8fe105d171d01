import { bounds } from "practice-client/bounds";
import {
  type Control,
  type FieldErrors,
  type UseFormRegister,
  useFieldArray,
  useWatch,
} from "react-hook-form";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { log as texts } from "@/i18n/log";
import { Button } from "@/ui/button";
import { Checkbox, TextArea, TextField } from "@/ui/field";
import { useMinutesProblem } from "@/ui/minutes";
import { Section } from "@/ui/page";
import { useToast } from "@/ui/toasts";

import { NEW_EXERCISE, NEW_SECTION, type Values } from "./values";

interface Props {
  control: Control<Values>;
  register: UseFormRegister<Values>;
  errors: FieldErrors<Values>;
}

export function useMinutesRule() {
  const problemOf = useMinutesProblem();
  return { validate: (text: string) => problemOf(text) ?? true };
}

function useNameRule(most: number) {
  const words = useMessages(common);
  return {
    validate: (name: string) => name.trim() !== "" || words.required,
    maxLength: { value: most, message: words.tooLong(most) },
  };
}

/** Sections with their minutes and exercises: to be added, removed and changed. */
export function SectionsField({ control, register, errors }: Props) {
  const t = useMessages(texts);
  const { fields, append, remove, insert } = useFieldArray({ control, name: "sections", keyName: "key" });
  const sections = useWatch({ control, name: "sections" });
  const undoable = useUndoable();
  return (
    <Section title={t.sections}>
      {fields.map((field, index) => (
        <SectionField
          key={field.key}
          index={index}
          control={control}
          register={register}
          errors={errors}
          onRemove={() => {
            const removed = sections[index];
            remove(index);
            document.getElementById(ADD_SECTION)?.focus();
            if (removed) undoable(removed.name, () => insert(index, removed, { shouldFocus: false }));
          }}
        />
      ))}
      <div className="row">
        <Button
          id={ADD_SECTION}
          icon="plus"
          onClick={() => append(NEW_SECTION, { focusName: `sections.${fields.length}.name` })}
        >
          {t.addSection}
        </Button>
      </div>
    </Section>
  );
}

const ADD_SECTION = "log-add-section";

function useUndoable() {
  const t = useMessages(texts);
  const words = useMessages(common);
  const toast = useToast();
  return (name: string, undo: () => void) =>
    toast(t.removed(name.trim() || t.unnamed), { text: words.undo, run: undo });
}

function SectionField({
  index,
  control,
  register,
  errors,
  onRemove,
}: Props & { index: number; onRemove: () => void }) {
  const t = useMessages(texts);
  const minutes = useMinutesRule();
  const named = useNameRule(bounds.SessionSection.name.maxLength);
  const exerciseNamed = useNameRule(bounds.SessionExercise.name.maxLength);
  const undoable = useUndoable();
  const section = useWatch({ control, name: `sections.${index}` });
  const { fields, append, remove, insert } = useFieldArray({
    control,
    name: `sections.${index}.exercises`,
    keyName: "key",
  });
  const problems = errors.sections?.[index];
  const addId = `log-add-exercise-${index}`;
  const name = section.name.trim() || t.section(index + 1);
  return (
    <section className="card" aria-label={name}>
      <div className="row between">
        <h3>{name}</h3>
        <Button look="quiet" small icon="trash" aria-label={t.removeSection(name)} onClick={onRemove} />
      </div>
      <div className="log-section">
        <TextField
          label={t.sectionName}
          error={problems?.name?.message}
          {...register(`sections.${index}.name`, named)}
        />
        <TextField
          label={t.planned}
          inputMode="decimal"
          error={problems?.planned?.message}
          {...register(`sections.${index}.planned`, minutes)}
        />
        <TextField
          label={t.actual}
          inputMode="decimal"
          error={problems?.actual?.message}
          {...register(`sections.${index}.actual`, minutes)}
        />
      </div>
      {fields.map((field, place) => {
        const exercise = section.exercises[place];
        const called = exercise?.name.trim() || t.unnamed;
        const path = `sections.${index}.exercises.${place}` as const;
        const wrong = problems?.exercises?.[place];
        return (
          <fieldset key={field.key} className="log-exercise" aria-label={called}>
            <TextField
              label={t.exerciseName}
              error={wrong?.name?.message}
              {...register(`${path}.name`, exerciseNamed)}
            />
            <div className="row between">
              <Checkbox label={t.done} {...register(`${path}.done`)} />
              <Button
                look="quiet"
                small
                icon="trash"
                aria-label={t.removeExercise(called)}
                onClick={() => {
                  remove(place);
                  document.getElementById(addId)?.focus();
                  if (exercise)
                    undoable(exercise.name, () => insert(place, exercise, { shouldFocus: false }));
                }}
              />
            </div>
            <TextArea
              label={t.exerciseNotes}
              rows={2}
              maxLength={bounds.SessionExercise.notes.maxLength}
              error={wrong?.notes?.message}
              {...register(`${path}.notes`)}
            />
          </fieldset>
        );
      })}
      <div className="row">
        <Button
          id={addId}
          small
          icon="plus"
          onClick={() =>
            append(NEW_EXERCISE, { focusName: `sections.${index}.exercises.${fields.length}.name` })
          }
        >
          {t.addExercise}
        </Button>
      </div>
    </section>
  );
}
