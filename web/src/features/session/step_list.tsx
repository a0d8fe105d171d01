import type { SessionData } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Icon } from "@/ui/icons";

import type { Step } from "./content";
import { useStepName } from "./step_name";
import { useTimes } from "./use_work";
import type { Watch } from "./watch";

interface Props {
  content: SessionData;
  steps: readonly Step[];
  current: string | null;
  watch: Watch;
  onChoose: (step: Step) => void;
}

/** All steps by section, with what is done. */
export function StepList({ content, steps, current, watch, onChoose }: Props) {
  const t = useMessages(texts);
  const nameOf = useStepName(steps);
  const questions = steps.filter((step) => step.kind === "question");
  const list = (shown: readonly Step[]) => (
    <ul role="list" className="session-steps">
      {shown.map((step) => (
        <li key={step.key}>
          <button
            type="button"
            className="session-step"
            aria-current={step.key === current ? "step" : undefined}
            onClick={() => onChoose(step)}
          >
            <span className={step.isDone ? "session-mark session-mark-done" : "session-mark"}>
              {step.isDone && <Icon name="check" size={16} />}
            </span>
            <span className="grow">{nameOf(step)}</span>
            <span className="visually-hidden">{step.isDone ? t.done : t.notDone}</span>
          </button>
        </li>
      ))}
    </ul>
  );
  return (
    <nav className="card session-list" aria-label={t.steps}>
      <h2>{t.steps}</h2>
      {(content.sections ?? []).map((section, index) => {
        const shown = steps.filter((step) => step.kind === "exercise" && step.section === index);
        return (
          <div key={index} className="session-section">
            <h3>{section.name}</h3>
            <SectionTime planned={section.duration_minutes ?? null} steps={shown} watch={watch} />
            {list(shown)}
          </div>
        );
      })}
      {questions.length > 0 && (
        <div className="session-section">
          <h3>{t.otherQuestions}</h3>
          {list(questions)}
        </div>
      )}
    </nav>
  );
}

function SectionTime({
  planned,
  steps,
  watch,
}: {
  planned: number | null;
  steps: readonly Step[];
  watch: Watch;
}) {
  const t = useMessages(texts);
  const format = useFormat();
  const { stepsMs } = useTimes(watch);
  const ms = steps.reduce((sum, { key }) => sum + (stepsMs[key] ?? 0), 0);
  const parts = [
    planned === null ? "" : t.planned(format.minutes(planned)),
    ms >= 1_000 ? t.spent(format.clock(ms / 1_000)) : "",
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return <p className="soft small">{parts.join(" · ")}</p>;
}
