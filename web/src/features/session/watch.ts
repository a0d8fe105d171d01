import type { LocalRecord } from "@/data/local_record";

export interface Times {
  isRunning: boolean;
  /** The instant up to which time is counted, in ms since 1970; null before the first start. */
  at: number | null;
  totalMs: number;
  stepsMs: Record<string, number>;
  current: string | null;
}

export const NO_TIME: Times = { isRunning: true, at: null, totalMs: 0, stepsMs: {}, current: null };

/** A pause between two ticks is practice with the screen locked, unless it is longer than this. */
const LONGEST_GAP_MS = 60 * 60_000;
/** A page that was closed for longer than this was left, not loaded again. */
const LONGEST_RELOAD_MS = 2 * 60_000;

/** The times at this instant. Time counts for the session and for its current step. */
export function advance(times: Times, now: number, longestGap = LONGEST_GAP_MS): Times {
  const passed = times.at === null ? 0 : now - times.at;
  if (!times.isRunning || passed <= 0 || passed > longestGap) return { ...times, at: now };
  const { current, stepsMs } = times;
  return {
    ...times,
    at: now,
    totalMs: times.totalMs + passed,
    stepsMs: current === null ? stepsMs : { ...stepsMs, [current]: (stepsMs[current] ?? 0) + passed },
  };
}

/** The timer of a session: it goes on after a reload. */
export class Watch {
  private times: Times;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly record: LocalRecord<Times>,
    private readonly now: () => number = Date.now,
  ) {
    this.times = advance({ ...NO_TIME, ...record.read() }, now(), LONGEST_RELOAD_MS);
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getTimes = () => this.times;

  attach(): () => void {
    const tick = () => this.set({});
    const interval = setInterval(tick, 1_000);
    addEventListener("pagehide", tick);
    return () => {
      clearInterval(interval);
      removeEventListener("pagehide", tick);
      tick();
    };
  }

  turnTo(current: string | null): void {
    if (this.times.current !== current) this.set({ current });
  }

  toggle(): void {
    this.set({ isRunning: !this.times.isRunning });
  }

  /** The step's next report counts from 0. */
  restart(key: string): void {
    this.set({});
    this.set({ stepsMs: { ...this.times.stepsMs, [`reported.${key}`]: this.times.stepsMs[key] ?? 0 } });
  }

  /** Time of the step since its last report. */
  unreportedMs(key: string): number {
    const { stepsMs } = advance(this.times, this.now());
    return Math.round((stepsMs[key] ?? 0) - (stepsMs[`reported.${key}`] ?? 0));
  }

  forget(): void {
    this.record.remove();
  }

  private set(change: Partial<Pick<Times, "isRunning" | "current" | "stepsMs">>): void {
    this.times = { ...advance(this.times, this.now()), ...change };
    this.record.change(() => this.times);
    for (const listener of this.listeners) listener();
  }
}
