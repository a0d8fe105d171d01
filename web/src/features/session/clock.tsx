import { useFormat } from "@/i18n";
import { Icon } from "@/ui/icons";

import { useTimes } from "./use_work";
import type { Watch } from "./watch";

interface Props {
  watch: Watch;
  label: string;
  /** The step whose time is shown; without it that of the session. */
  step?: string;
}

/** A running clock. Screen readers read it when asked, not at every second. */
export function Clock({ watch, label, step }: Props) {
  const format = useFormat();
  const { totalMs, stepsMs } = useTimes(watch);
  const shown = step === undefined ? totalMs : (stepsMs[step] ?? 0);
  return (
    <span className="row session-clock" role="timer" aria-label={label}>
      <Icon name="clock" />
      {format.clock(shown / 1_000)}
    </span>
  );
}
