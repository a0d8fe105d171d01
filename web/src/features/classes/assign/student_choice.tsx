import type { SchoolClass } from "practice-client";
import { useId } from "react";

import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";
import { Checkbox, FieldError } from "@/ui/field";
import { Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

/** The most students that a class has. */
const ALL = 500;

interface Props {
  of: SchoolClass;
  /** null is the whole class. */
  chosen: readonly string[] | null;
  error: string | undefined;
  onChange: (chosen: readonly string[] | null) => void;
}

/** The whole class, or students of its roster. */
export function StudentChoice({ of, chosen, error, onChange }: Props) {
  const t = useMessages(assign);
  const id = useId();
  const radio = (isWhole: boolean, label: string) => (
    <Checkbox
      type="radio"
      name={`${id}-who`}
      label={label}
      checked={(chosen === null) === isWhole}
      onChange={() => onChange(isWhole ? null : [])}
    />
  );
  return (
    <fieldset className="assign-choice" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="label">{t.who}</legend>
      {radio(true, t.everybody)}
      {radio(false, t.some)}
      {chosen && <Students of={of} chosen={chosen} onChange={onChange} />}
      <FieldError id={`${id}-error`} error={error} />
    </fieldset>
  );
}

interface StudentsProps {
  of: SchoolClass;
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}

function Students({ of, chosen, onChange }: StudentsProps) {
  const t = useMessages(assign);
  const read = useRead(["all students of a class", of.class_id], ({ driver }) =>
    driver.classes.listStudents(of.class_id, { limit: ALL }),
  );
  return (
    <Read read={read} skeleton={<Skeleton height={5} />}>
      {({ entries }) => (
        <div className="assign-list">
          {entries.length === 0 && <p className="soft">{t.noStudents}</p>}
          {entries.map(({ student_id, display_name }) => (
            <Checkbox
              key={student_id}
              label={display_name}
              checked={chosen.includes(student_id)}
              onChange={({ target }) =>
                onChange(
                  target.checked ? [...chosen, student_id] : chosen.filter((one) => one !== student_id),
                )
              }
            />
          ))}
        </div>
      )}
    </Read>
  );
}
