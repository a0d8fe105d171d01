import { useFormat, useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Button } from "@/ui/button";
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

/** The session's clock, with its button. */
export function Timer({ watch }: { watch: Watch }) {
  const t = useMessages(texts);
  const { isRunning } = useTimes(watch);
  return (
    <>
      <Clock watch={watch} label={t.timer} />
      <Button small icon={isRunning ? "pause" : "play"} onClick={() => watch.toggle()}>
        {isRunning ? t.pause : t.continue}
      </Button>
    </>
  );
}
