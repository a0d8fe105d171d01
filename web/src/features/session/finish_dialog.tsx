import { type SyntheticEvent, useId } from "react";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { session as texts } from "@/i18n/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Scale } from "@/ui/scale";

import { countDone } from "./content";
import { Notes } from "./notes";
import { OF_SESSION } from "./pending";
import { type Finishable, TOTAL, useFinish } from "./use_finish";

export function FinishDialog({ onClose, ...finishable }: Finishable & { onClose: () => void }) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const formId = useId();
  const { session, work, content, steps } = finishable;
  const { assignment } = session;
  const form = useFinish(finishable);
  const left = steps.length - countDone(steps);

  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wrong = form.submit();
    if (wrong === undefined) onClose();
    else event.currentTarget.querySelector<HTMLInputElement>(`[name="${wrong}"]`)?.focus();
  };

  const minutesField = (name: string, label: string) => (
    <TextField
      key={name}
      name={name}
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={form.minutes[name] ?? ""}
      error={form.errors[name]}
      onChange={(event) => form.setMinutes(name, event.target.value)}
    />
  );
  return (
    <Dialog
      isOpen
      title={assignment ? t.handInTitle : t.finishTitle}
      onClose={onClose}
      actions={
        <>
          <Button type="submit" form={formId} look="primary" icon="check">
            {assignment ? t.handIn : t.finish}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t.withdraw}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" noValidate onSubmit={submit}>
        {left > 0 && <p className="soft">{assignment ? t.handInLeft(left) : t.finishLeft(left)}</p>}
        <Scale label={t.focus} hint={t.scaleHint} value={form.focus} onChange={form.setFocus} />
        <Scale label={t.energy} value={form.energy} onChange={form.setEnergy} />
        <fieldset className="stack" aria-label={words.minutes}>
          <p className="field-hint">{t.actualHint}</p>
          <div className="session-minutes">
            {(content.sections ?? []).map(({ name }, index) => minutesField(String(index), t.actualOf(name)))}
            {minutesField(TOTAL, t.actual)}
          </div>
        </fieldset>
        <Notes label={t.notes} text={content.notes ?? ""} onWrite={(text) => work.write(OF_SESSION, text)} />
      </form>
    </Dialog>
  );
}
