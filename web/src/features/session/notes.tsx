import { bounds } from "practice-client/bounds";

import { TextArea } from "@/ui/field";

interface Props {
  label: string;
  hint?: string;
  text: string;
  onWrite: (text: string) => void;
}

export function Notes({ label, hint, text, onWrite }: Props) {
  return (
    <TextArea
      label={label}
      hint={hint}
      value={text}
      maxLength={bounds.SessionContent.notes.maxLength}
      onChange={(event) => onWrite(event.target.value)}
    />
  );
}
