import type { InputHTMLAttributes, ReactNode } from "react";

import { useFormat, useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { TextArea, TextField } from "@/ui/field";

import type { Place } from "../model/places";
import { useProblem } from "./contexts";

export interface TextProps {
  at: Place;
  label: ReactNode;
  value: string;
  onEdit: (value: string) => void;
  hint?: string;
  /** The most characters. Nothing is cut off: what is too much is said. */
  most?: number;
  area?: boolean;
  rows?: number;
  hidesLabel?: boolean;
  inputMode?: InputHTMLAttributes<HTMLInputElement>["inputMode"];
  isRequired?: boolean;
}

/** A text of the draft, with its problem and, near the limit, how much of it is used. */
export function Text({
  at,
  label,
  value,
  onEdit,
  hint,
  most,
  area,
  rows,
  hidesLabel,
  inputMode,
  isRequired,
}: TextProps) {
  const t = useMessages(templateBuilder);
  const format = useFormat();
  const error = useProblem(at);
  const isNearLimit = most !== undefined && value.length > most * 0.8;
  const used = isNearLimit ? t.ofCharacters(format.number(value.length), format.number(most)) : undefined;
  const shared = {
    label,
    hint: used && hint ? `${hint} ${used}` : (used ?? hint),
    error,
    value,
    "data-place": at,
    "aria-required": isRequired || undefined,
    ...(hidesLabel ? { hidesLabel } : {}),
  };
  if (area) return <TextArea {...shared} rows={rows ?? 2} onChange={({ target }) => onEdit(target.value)} />;
  return (
    <TextField
      {...shared}
      autoComplete="off"
      {...(inputMode ? { inputMode } : {})}
      onChange={({ target }) => onEdit(target.value)}
    />
  );
}
