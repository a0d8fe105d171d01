import "./scale.css";

import { useId } from "react";

import { useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";

import { FieldError } from "./field";

interface Props {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: number | null;
  onChange: (value: number | null) => void;
}

const VALUES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** A value from 1 to 10, or none, as a group of radio buttons. */
export function Scale({ label, hint, error, value, onChange }: Props) {
  const t = useMessages(sessionParts);
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <fieldset className="field" aria-describedby={describedBy || undefined}>
      <legend>
        <strong>{label}</strong>
      </legend>
      {hint && (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <div className="scale">
        {VALUES.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name={id}
              value={choice}
              checked={value === choice}
              onChange={() => onChange(choice)}
            />
            {choice}
          </label>
        ))}
        <label>
          <input
            type="radio"
            name={id}
            value=""
            checked={value === null}
            aria-label={t.noValue}
            onChange={() => onChange(null)}
          />
          <span aria-hidden="true">–</span>
        </label>
      </div>
      <FieldError id={`${id}-error`} error={error} />
    </fieldset>
  );
}
