import type { SessionData } from "practice-client";
import { type SyntheticEvent, useId, useState } from "react";

import { useLocalState } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { session as texts } from "@/i18n/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { Scale } from "@/ui/scale";

import { type Step, countDone } from "./content";
import { Notes } from "./notes";
import { OF_SESSION } from "./pending";
import type { Watch } from "./watch";
import type { SessionWork } from "./work";

interface Props {
  sessionId: string;
  work: SessionWork;
  watch: Watch;
  content: SessionData;
  steps: readonly Step[];
  onClose: () => void;
}

const MOST_MINUTES = 100_000;
const MOST_SECONDS = 6_000_000;
const TOTAL = "total";

/** What is entered and not sent yet. Minutes that nobody changed go on with the timer. */
interface Entered {
  focus: number | null;
  energy: number | null;
  minutes: Record<string, string>;
}

export function FinishDialog({ sessionId, work, watch, content, steps, onClose }: Props) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const formId = useId();
  const [kept, keep] = useLocalState<Entered>(`session.finish.${sessionId}`, {
    focus: content.focus_score ?? null,
    energy: content.energy_level ?? null,
    minutes: {},
  });
  const { focus, energy } = kept;
  const [counted] = useState(() => minutesSoFar(content, steps, watch));
  const entered = { ...counted, ...kept.minutes };
  const [errors, setErrors] = useState<Record<string, string | undefined>>({});
  const sections = content.sections ?? [];
  const left = steps.length - countDone(steps);

  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wrong = Object.entries(entered).flatMap(([name, text]) => {
      const minutes = minutesIn(text);
      if (minutes === null) return [];
      if (!Number.isFinite(minutes)) return [[name, words.notANumber] as const];
      if (minutes < 0) return [[name, words.atLeast(0)] as const];
      return minutes > MOST_MINUTES ? [[name, words.atMost(MOST_MINUTES)] as const] : [];
    });
    setErrors(Object.fromEntries(wrong));
    if (wrong[0]) {
      event.currentTarget.querySelector<HTMLInputElement>(`[name="${wrong[0][0]}"]`)?.focus();
      return;
    }
    const { [TOTAL]: total = "", ...ofSections } = entered;
    const minutes = Object.entries(ofSections).map(([index, text]) => [index, minutesIn(text)] as const);
    const changed = minutes.filter(
      ([index, value]) => value !== (sections[Number(index)]?.actual_duration_minutes ?? null),
    );
    const actual = minutesIn(total);
    work.finish(Object.fromEntries(changed), {
      ...(focus === null ? {} : { focus_score: focus }),
      ...(energy === null ? {} : { energy_level: energy }),
      ...(actual === null ? {} : { actual_duration_minutes: actual }),
      time_spent_seconds: Math.min(Math.round(watch.getTimes().totalMs / 1_000), MOST_SECONDS),
    });
    keep(undefined);
    onClose();
  };

  const minutesField = (name: string, label: string) => (
    <TextField
      key={name}
      name={name}
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={entered[name] ?? ""}
      error={errors[name]}
      onChange={(event) => {
        keep({ ...kept, minutes: { ...kept.minutes, [name]: event.target.value } });
        setErrors({ ...errors, [name]: undefined });
      }}
    />
  );
  return (
    <Dialog
      isOpen
      title={t.finishTitle}
      onClose={onClose}
      actions={
        <>
          <Button type="submit" form={formId} look="primary" icon="check">
            {t.finish}
          </Button>
          <Button look="quiet" onClick={onClose}>
            {t.withdraw}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" noValidate onSubmit={submit}>
        {left > 0 && <p className="soft">{t.finishLeft(left)}</p>}
        <Scale
          label={t.focus}
          hint={t.scaleHint}
          value={focus}
          onChange={(chosen) => keep({ ...kept, focus: chosen })}
        />
        <Scale label={t.energy} value={energy} onChange={(chosen) => keep({ ...kept, energy: chosen })} />
        <fieldset className="stack" aria-label={words.minutes}>
          <p className="field-hint">{t.actualHint}</p>
          <div className="session-minutes">
            {sections.map(({ name }, index) => minutesField(String(index), t.actualOf(name)))}
            {minutesField(TOTAL, t.actual)}
          </div>
        </fieldset>
        <Notes label={t.notes} text={content.notes ?? ""} onWrite={(text) => work.write(OF_SESSION, text)} />
      </form>
    </Dialog>
  );
}

/** What is entered already, else what the timer says, by section and in all. */
function minutesSoFar(content: SessionData, steps: readonly Step[], watch: Watch): Record<string, string> {
  const { stepsMs, totalMs } = watch.getTimes();
  const shown = (known: number | null | undefined, ms: number) =>
    known != null ? String(known) : ms >= 30_000 ? String(Math.round(ms / 60_000)) : "";
  const sections = (content.sections ?? []).map((section, index) => {
    const own = steps.filter((step) => step.kind === "exercise" && step.section === index);
    const ms = own.reduce((sum, { key }) => sum + (stepsMs[key] ?? 0), 0);
    return [String(index), shown(section.actual_duration_minutes, ms)] as const;
  });
  return { ...Object.fromEntries(sections), [TOTAL]: shown(content.actual_duration_minutes, totalMs) };
}

/** null for an empty field, NaN for what is no number. A comma is a decimal point too. */
function minutesIn(text: string): number | null {
  return text.trim() === "" ? null : Number(text.trim().replace(",", "."));
}
