import { TextArea } from "@/ui/field";

interface Props {
  label: string;
  hint?: string;
  text: string;
  onWrite: (text: string) => void;
}

const MOST_CHARACTERS = 10_000;

export function Notes({ label, hint, text, onWrite }: Props) {
  return (
    <TextArea
      label={label}
      hint={hint}
      value={text}
      maxLength={MOST_CHARACTERS}
      onChange={(event) => onWrite(event.target.value)}
    />
  );
}
