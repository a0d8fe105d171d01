import { PracticeProblem } from "./problem.js";

export interface Options {
  /** One base URL for all functions, or a function that returns the URL of each by its name. */
  functions: string | ((name: string) => string);
  /** A valid Firebase ID token of the signed-in user: `() => user.getIdToken()`. */
  idToken: () => Promise<string>;
  /** The App Check token, where the project requires one. */
  appCheckToken?: () => Promise<string>;
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch;
  /** Retries of a request without a reply, or refused as UNAVAILABLE or RATE_LIMITED. Default: 3. */
  retries?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** A request repeated with the same key takes effect once. Default: a random key per call. */
  idempotencyKey?: string;
}

const RETRIES = 3;
const FIRST_PAUSE_SECONDS = 0.5;
/** No retry after a longer wait: the caller decides, by the problem's `retryAfterSeconds`. */
const LONGEST_PAUSE_SECONDS = 10;

/** Calls functions over HTTP. Every retry carries the same Idempotency-Key. */
export class Functions {
  constructor(private readonly options: Options) {}

  /** The reply's JSON. Rejects with PracticeProblem, or with fetch's error if there is no response. */
  async call<Reply>(name: string, body: object, options: CallOptions = {}): Promise<Reply> {
    return (await (await this.send(name, "", body, options)).json()) as Reply;
  }

  /** A response with status 2xx, its body not yet read. Rejects as `call` does. */
  async send(name: string, path: string, body: object, options: CallOptions): Promise<Response> {
    const text = JSON.stringify(body);
    const key = options.idempotencyKey ?? crypto.randomUUID();
    const retries = this.options.retries ?? RETRIES;
    for (let attempt = 0; ; attempt += 1) {
      let failure: unknown;
      try {
        const response = await this.request(name, path, text, key, options.signal);
        if (response.ok) return response;
        failure = await PracticeProblem.of(response);
      } catch (error) {
        failure = error;
      }
      const seconds = pauseSeconds(failure, attempt);
      if (options.signal?.aborted || attempt >= retries || seconds === undefined) throw failure;
      await pause(seconds, options.signal);
    }
  }

  private async request(
    name: string,
    path: string,
    body: string,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { functions, appCheckToken } = this.options;
    const base = typeof functions === "string" ? `${functions}/${name}` : functions(name);
    const headers: Record<string, string> = {
      "Authorization": `Bearer ${await this.options.idToken()}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    };
    if (appCheckToken) headers["X-Firebase-AppCheck"] = await appCheckToken();
    const send = this.options.fetch ?? fetch;
    return send(base + path, { method: "POST", headers, body, ...(signal ? { signal } : {}) });
  }
}

/** The seconds to wait before a retry, undefined where a retry is of no use. */
function pauseSeconds(failure: unknown, attempt: number): number | undefined {
  const most = FIRST_PAUSE_SECONDS * 2 ** attempt;
  const seconds = most / 2 + (Math.random() * most) / 2;
  // fetch throws a plain TypeError when a connection fails.
  if (failure instanceof TypeError) return seconds;
  if (!(failure instanceof PracticeProblem)) return undefined;
  const passing = failure.reason === "UNAVAILABLE" || failure.reason === "RATE_LIMITED";
  if (!passing) return undefined;
  const asked = Math.max(seconds, failure.retryAfterSeconds ?? 0);
  return asked <= LONGEST_PAUSE_SECONDS ? asked : undefined;
}

function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1_000);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
