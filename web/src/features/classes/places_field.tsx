import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { TextField } from "@/ui/field";

import { maxStudentsOf, mostStudents } from "./places";

interface Props {
  value: string;
  onChange: (value: string) => void;
}

export function PlacesField({ value, onChange }: Props) {
  const t = useMessages(classes);
  const shared = useMessages(common);
  const error = () => {
    if (maxStudentsOf(value) !== null) return undefined;
    return Number(value) > mostStudents ? shared.atMost(mostStudents) : shared.atLeast(1);
  };
  return (
    <TextField
      label={t.maxStudents}
      type="number"
      inputMode="numeric"
      min={1}
      max={mostStudents}
      value={value}
      error={error()}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
