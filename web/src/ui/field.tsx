import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from "react";

import { Icon } from "./icons";

interface Labelled {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  /** The label is read aloud, not shown: where a heading or a table says it already. */
  hidesLabel?: boolean;
}

interface Described {
  id: string;
  "aria-invalid": true | undefined;
  "aria-describedby": string | undefined;
}

/** A control with its label, hint and error, connected for screen readers. */
export function Field({
  label,
  hint,
  error,
  hidesLabel,
  children,
}: Labelled & { children: (described: Described) => ReactNode }) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id} className={hidesLabel ? "visually-hidden" : undefined}>
        {label}
      </label>
      {children({
        id,
        "aria-invalid": error ? true : undefined,
        "aria-describedby": describedBy || undefined,
      })}
      {hint && (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

export function FieldError({ id, error }: { id?: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <span className="field-error" id={id} role="alert">
      <Icon name="warning" size={16} />
      {error}
    </span>
  );
}

type InputProps = Labelled & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> };

export function TextField({ label, hint, error, hidesLabel, ...rest }: InputProps) {
  return (
    <Field label={label} hint={hint} error={error} {...(hidesLabel ? { hidesLabel } : {})}>
      {(described) => <input className="input" type="text" {...described} {...rest} />}
    </Field>
  );
}

type AreaProps = Labelled & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> };

export function TextArea({ label, hint, error, hidesLabel, ...rest }: AreaProps) {
  return (
    <Field label={label} hint={hint} error={error} {...(hidesLabel ? { hidesLabel } : {})}>
      {(described) => <textarea className="input" rows={3} {...described} {...rest} />}
    </Field>
  );
}

type SelectProps = Labelled &
  SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement>; children: ReactNode };

export function Select({ label, hint, error, hidesLabel, children, ...rest }: SelectProps) {
  return (
    <Field label={label} hint={hint} error={error} {...(hidesLabel ? { hidesLabel } : {})}>
      {(described) => (
        <select className="input" {...described} {...rest}>
          {children}
        </select>
      )}
    </Field>
  );
}

type CheckboxProps = InputHTMLAttributes<HTMLInputElement> & {
  label: ReactNode;
  ref?: Ref<HTMLInputElement>;
};

export function Checkbox({ label, type = "checkbox", ...rest }: CheckboxProps) {
  return (
    <label className="choice">
      <input type={type} {...rest} />
      <span className="grow">{label}</span>
    </label>
  );
}
