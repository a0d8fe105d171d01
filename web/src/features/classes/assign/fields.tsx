import type { SchoolClass } from "practice-client";
import { bounds } from "practice-client/bounds";

import { useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";
import { TextField } from "@/ui/field";

import type { AssignmentForm, DateField } from "./form";
import { StudentChoice } from "./student_choice";

interface Props {
  of: SchoolClass;
  form: AssignmentForm;
  /** Below the title. */
  titleHint?: string;
}

/** What a teacher sets when assigning, and may change later. */
export function AssignmentFields({ of, form, titleHint }: Props) {
  const t = useMessages(assign);
  const { entered, errors, change } = form;
  const date = (field: DateField, label: string) => (
    <TextField
      label={label}
      type="datetime-local"
      value={entered[field]}
      error={errors[field]}
      onChange={({ target }) => change({ [field]: target.value })}
    />
  );
  return (
    <>
      <TextField
        label={t.name}
        hint={titleHint}
        maxLength={bounds.CreateAssignment.title.maxLength}
        value={entered.title}
        error={errors.title}
        onChange={({ target }) => change({ title: target.value })}
      />
      <fieldset className="stack assign-dates">
        <legend className="label">{t.dates}</legend>
        <p className="field-hint">{t.datesHint(of.timezone)}</p>
        <div className="columns">
          {date("opens_at", t.opens)}
          {date("due_at", t.dueAt)}
          {date("closes_at", t.closes)}
        </div>
      </fieldset>
      <TextField
        label={t.points}
        hint={t.pointsHint}
        inputMode="decimal"
        autoComplete="off"
        value={entered.points}
        error={errors.points}
        onChange={({ target }) => change({ points: target.value })}
      />
      <StudentChoice
        of={of}
        chosen={entered.students}
        error={errors.students}
        onChange={(students) => change({ students })}
      />
    </>
  );
}
