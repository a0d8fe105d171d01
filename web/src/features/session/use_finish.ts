import type { Session, SessionData } from "practice-client";
import { bounds } from "practice-client/bounds";
import { useState } from "react";

import { useLocalState } from "@/data/local_state";
import { minutesIn, useMinutesProblem } from "@/ui/minutes";

import type { Step } from "./content";
import { finishSlot } from "./kept";
import type { Watch } from "./watch";
import type { SessionWork } from "./work";

/** The name of the field of the minutes in all; those of the sections go by their index. */
export const TOTAL = "total";

/** What is entered and not sent yet. Minutes that nobody changed go on with the timer. */
interface Entered {
  focus: number | null;
  energy: number | null;
  minutes: Record<string, string>;
}

export interface Finishable {
  session: Session;
  work: SessionWork;
  watch: Watch;
  content: SessionData;
  steps: readonly Step[];
}

/** The form that finishes a session: what is entered survives a reload. */
export function useFinish({ session, work, watch, content, steps }: Finishable) {
  const problemOf = useMinutesProblem();
  const [kept, keep] = useLocalState<Entered>(finishSlot(session.session_id), {
    focus: content.focus_score ?? null,
    energy: content.energy_level ?? null,
    minutes: {},
  });
  const [counted] = useState(() => minutesSoFar(content, steps, watch));
  const [errors, setErrors] = useState<Readonly<Record<string, string | undefined>>>({});
  const minutes = { ...counted, ...kept.minutes };
  return {
    focus: kept.focus,
    energy: kept.energy,
    minutes,
    errors,
    setFocus: (focus: number | null) => keep({ ...kept, focus }),
    setEnergy: (energy: number | null) => keep({ ...kept, energy }),
    setMinutes: (name: string, text: string) => {
      keep({ ...kept, minutes: { ...kept.minutes, [name]: text } });
      setErrors({ ...errors, [name]: undefined });
    },
    /** Finishes the session, or returns the name of the first field that is wrong. */
    submit: (): string | undefined => {
      const wrong = Object.entries(minutes).flatMap(([name, text]) => {
        const problem = problemOf(text);
        return problem === undefined ? [] : [[name, problem] as const];
      });
      setErrors(Object.fromEntries(wrong));
      if (wrong[0]) return wrong[0][0];
      work.finish(changedMinutes(minutes, content), {
        ...(kept.focus === null ? {} : { focus_score: kept.focus }),
        ...(kept.energy === null ? {} : { energy_level: kept.energy }),
        ...actualMinutes(minutes[TOTAL] ?? ""),
        time_spent_seconds: secondsOf(watch),
      });
      keep(undefined);
      return undefined;
    },
  };
}

function actualMinutes(text: string) {
  const minutes = minutesIn(text);
  return minutes === null ? {} : { actual_duration_minutes: minutes };
}

function secondsOf(watch: Watch): number {
  const seconds = Math.round(watch.getTimes().totalMs / 1_000);
  return Math.min(seconds, bounds.CompleteSession.time_spent_seconds.maximum);
}

/** By the section's index, where they differ from what is stored. */
function changedMinutes(
  entered: Readonly<Record<string, string>>,
  { sections = [] }: SessionData,
): Record<string, number | null> {
  const minutes = Object.entries(entered)
    .filter(([name]) => name !== TOTAL)
    .map(([index, text]) => [index, minutesIn(text)] as const);
  return Object.fromEntries(
    minutes.filter(([index, value]) => value !== (sections[Number(index)]?.actual_duration_minutes ?? null)),
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
