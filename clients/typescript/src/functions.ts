import type { paths } from "./api.js";
import { PracticeProblem } from "./problem.js";
import { TimeLimit } from "./time_limit.js";

export type FunctionName = {
  [Path in keyof paths]: Path extends `/${infer Name}`
    ? Name extends `${string}/${string}` ? never : Name
    : never;
}[keyof paths];

export interface Options {
  /** One base URL for all functions, or a function that returns the URL of each by its name. */
  functions: string | ((name: FunctionName) => string | undefined);
  /** A valid Firebase ID token of the signed-in user: `() => user.getIdToken()`. */
  idToken: () => Promise<string>;
  /** The App Check token, where the project requires one. */
  appCheckToken?: () => Promise<string>;
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch;
  /** Retries of a request without a reply, or refused as UNAVAILABLE or RATE_LIMITED. Default: 3. */
  retries?: number;
  /**
   * The time limit of one attempt, its tokens included, and of a stream's silence. Default: 35, and for turns, which may
   * wait for a model, 155; a stream may be silent for 45.
   */
  timeoutSeconds?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** A request repeated with the same key takes effect once. Default: a random key per call. */
  idempotencyKey?: string;
}

interface Call {
  name: FunctionName;
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the function's URL: a path, a query. */
  path?: string;
  body?: object;
}

/** A response whose body is still to be read, within the time limit. */
export interface OpenResponse {
  response: Response;
  limit: TimeLimit;
  longestSilenceSeconds: number;
}

const RETRIES = 3;
const FIRST_PAUSE_SECONDS = 0.5;
/** No retry after a longer wait: the caller decides, by the problem's `retryAfterSeconds`. */
const LONGEST_PAUSE_SECONDS = 10;
/** Longer than the functions themselves may take. */
const TIMEOUT_SECONDS = 35;
const TURN_TIMEOUT_SECONDS = 155;
/** A comment comes every 15 seconds: after this time without any, the connection is lost. */
const LONGEST_SILENCE_SECONDS = 45;

/** Calls functions over HTTP. Every retry carries the same Idempotency-Key. */
export class Functions {
  constructor(private readonly options: Options) {}

  /**
   * The reply's JSON; undefined for a reply without content. Rejects with PracticeProblem, with
   * the reason UNAVAILABLE if no whole reply came; with the signal's reason if the caller aborts;
   * and with the error of `idToken`, `appCheckToken` or `functions`, without a retry.
   */
  call<Reply>(call: Call, options: CallOptions = {}): Promise<Reply> {
    return this.repeat(call, options, async ({ response, limit }) => {
      const text = await response.text();
      limit.end();
      return (response.status === 204 ? undefined : JSON.parse(text)) as Reply;
    });
  }

  /** A response with status 2xx, its body not yet read. Rejects as `call` does. */
  open(call: Call, options: CallOptions = {}): Promise<OpenResponse> {
    return this.repeat(call, options, async (open) => open);
  }

  private async repeat<Reply>(
    call: Call,
    options: CallOptions,
    read: (open: OpenResponse) => Promise<Reply>,
  ): Promise<Reply> {
    const key = options.idempotencyKey ?? randomKey();
    const retries = this.options.retries ?? RETRIES;
    for (let attempt = 0; ; attempt += 1) {
      const url = this.url(call);
      const limit = this.limit(call, options.signal);
      try {
        const request = await this.request(call, key, limit);
        return await this.send(url, request, limit, read);
      } catch (failure) {
        limit.end();
        if (options.signal?.aborted) throw options.signal.reason ?? failure;
        const seconds = pauseSeconds(failure, attempt);
        if (attempt >= retries || seconds === undefined) throw failure;
        await pause(seconds, options.signal);
      }
    }
  }

  private async send<Reply>(
    url: string,
    request: RequestInit,
    limit: TimeLimit,
    read: (open: OpenResponse) => Promise<Reply>,
  ): Promise<Reply> {
    try {
      const send = this.options.fetch ?? fetch;
      const response = await send(url, { ...request, signal: limit.signal });
      if (!response.ok) throw await PracticeProblem.of(response);
      const longestSilenceSeconds = this.options.timeoutSeconds ?? LONGEST_SILENCE_SECONDS;
      return await read({ response, limit, longestSilenceSeconds });
    } catch (failure) {
      throw failure instanceof PracticeProblem ? failure : withoutReply(failure, limit);
    }
  }

  private url({ name, path = "" }: Call): string {
    const { functions } = this.options;
    const base = typeof functions === "string" ? `${functions}/${name}` : functions(name);
    if (base === undefined) throw new Error(`The option \`functions\` has no URL for ${name}.`);
    return base + path;
  }

  private async request({ method = "POST", body }: Call, key: string, limit: TimeLimit): Promise<RequestInit> {
    const { idToken, appCheckToken } = this.options;
    const headers: Record<string, string> = {
      "Authorization": `Bearer ${await withinLimit(idToken(), limit)}`,
      "Idempotency-Key": key,
    };
    if (appCheckToken) headers["X-Firebase-AppCheck"] = await withinLimit(appCheckToken(), limit);
    if (!body) return { method, headers };
    headers["Content-Type"] = "application/json";
    return { method, headers, body: JSON.stringify(body) };
  }

  private limit(call: Call, signal: AbortSignal | undefined): TimeLimit {
    const usual = call.name === "practice_turn" ? TURN_TIMEOUT_SECONDS : TIMEOUT_SECONDS;
    return new TimeLimit(this.options.timeoutSeconds ?? usual, signal);
  }
}

/** The connection failed, the reply was cut off or truncated, or the time limit was exceeded. */
export function withoutReply(cause: unknown, limit: TimeLimit): PracticeProblem {
  const detail = limit.isExceeded ? "No reply came within the time limit." : "No whole reply came.";
  return new PracticeProblem("UNAVAILABLE", detail, undefined, [], undefined, undefined, { cause });
}

/** The token; rejects as a call without a reply does when the limit is exceeded or the caller aborts first. */
function withinLimit(token: Promise<string>, limit: TimeLimit): Promise<string> {
  return new Promise((resolve, reject) => {
    const { signal } = limit;
    const abort = () => reject(withoutReply(signal.reason, limit));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    Promise.resolve(token).then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Keys are scoped to user and function, so they need not be secret. Not every page has crypto. */
function randomKey(): string {
  return Array.from({ length: 3 }, () => Math.random().toString(36).slice(2)).join("-");
}

/** The seconds to wait before a retry, undefined where a retry is of no use. */
function pauseSeconds(failure: unknown, attempt: number): number | undefined {
  if (!(failure instanceof PracticeProblem)) return undefined;
  if (failure.reason !== "UNAVAILABLE" && failure.reason !== "RATE_LIMITED") return undefined;
  const most = FIRST_PAUSE_SECONDS * 2 ** attempt;
  const seconds = most / 2 + (Math.random() * most) / 2;
  const asked = Math.max(seconds, failure.retryAfterSeconds ?? 0);
  return asked <= LONGEST_PAUSE_SECONDS ? asked : undefined;
}

function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason ?? new Error("The caller aborted."));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1_000);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
