/** Aborts a request after a time without progress, or when its caller does. */
export class TimeLimit {
  isExceeded = false;

  private readonly controller = new AbortController();
  private readonly abort = () => this.controller.abort(this.caller?.reason);
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    seconds: number,
    private readonly caller: AbortSignal | undefined,
  ) {
    if (caller?.aborted) this.abort();
    caller?.addEventListener("abort", this.abort, { once: true });
    this.extend(seconds);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Restarts the count. */
  extend(seconds: number): void {
    this.pause();
    this.timer = setTimeout(() => {
      this.isExceeded = true;
      this.controller.abort();
    }, seconds * 1_000);
  }

  /** Counts no time until the next `extend`. */
  pause(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    this.pause();
    this.caller?.removeEventListener("abort", this.abort);
  }
}
