import { type Cell, type CellPlace, PracticeProblem } from "practice-client";
import { bounds } from "practice-client/bounds";
import { type SubmitEvent, useId, useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { classGradebook } from "@/i18n/class_gradebook";
import { common } from "@/i18n/common";
import { Button } from "@/ui/button";
import { Checkbox, TextArea, TextField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { useToast } from "@/ui/toasts";

interface Props {
  place: CellPlace;
  cell: Cell | undefined;
  onSaved: (cell: Cell) => void;
  onStale: () => void;
}

const KINDS = ["computed", "percent", "exempt"] as const;
type Kind = (typeof KINDS)[number];

/** Sets the grade that counts: the computed score, another one, or none because the student is excused. */
export function GradeForm({ place, cell, onSaved, onStale }: Props) {
  const t = useMessages(classGradebook);
  const shared = useMessages(common);
  const { driver } = useBackEnd();
  const toast = useToast();
  const id = useId();
  const given = cell?.override?.grade ?? null;
  const [kind, setKind] = useState<Kind>(
    given === null ? "computed" : given === "exempt" ? "exempt" : "percent",
  );
  const [percent, setPercent] = useState(typeof given === "number" ? String(given) : "");
  const [note, setNote] = useState("");
  const [isAsked, setAsked] = useState(false);
  const grade = kind === "percent" ? percentIn(percent) : kind === "exempt" ? kind : null;
  const isWrong = kind === "percent" && grade === null;
  const action = useAction(async () => {
    setAsked(true);
    if (isWrong) return;
    const command = { ...place, revision: cell?.revision ?? 0, score_percent: grade, note: note.trim() };
    try {
      onSaved(await driver.assignments.override(command));
    } catch (error) {
      if (error instanceof PracticeProblem && error.reason === "REVISION_MISMATCH") onStale();
      throw error;
    }
    toast(t.saved);
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    action.run();
  };
  const texts = { computed: t.keepComputed, percent: t.setPercent, exempt: t.exempt };
  return (
    <form className="card" onSubmit={submit} noValidate>
      <fieldset className="class-gradebook-choice">
        <legend>{t.override}</legend>
        {KINDS.map((one) => (
          <Checkbox
            key={one}
            type="radio"
            name={id}
            label={texts[one]}
            checked={kind === one}
            onChange={() => setKind(one)}
          />
        ))}
      </fieldset>
      {kind === "percent" && (
        <TextField
          label={t.percentField}
          inputMode="decimal"
          autoComplete="off"
          value={percent}
          error={isAsked && isWrong ? t.percentWrong : undefined}
          onChange={({ target }) => setPercent(target.value)}
        />
      )}
      <TextArea
        label={t.note}
        hint={t.noteHint}
        maxLength={bounds.OverrideGrade.note.maxLength}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      {action.error !== undefined && (
        <ErrorNotice error={action.error} retry={action.retry} isRetrying={action.isBusy} />
      )}
      <div className="row">
        <Button type="submit" look="primary" isBusy={action.isBusy}>
          {shared.save}
        </Button>
      </div>
    </form>
  );
}

/** A comma may stand before the decimals; null for no percentage. */
function percentIn(text: string): number | null {
  const number = Number(text.trim().replace(",", "."));
  return text.trim() && number >= 0 && number <= 100 ? number : null;
}
