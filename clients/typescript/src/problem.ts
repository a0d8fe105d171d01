import type { Problem, Reason } from "./types.js";

/** The reasons of refusals that come without one, such as the HTML page of a proxy. */
const REASONS: Readonly<Record<number, Reason>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  405: "METHOD_NOT_ALLOWED",
  408: "UNAVAILABLE",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "RATE_LIMITED",
};

/**
 * A call that was refused, or that got no reply. Decide by `reason`; the `errors` of an
 * INVALID_ARGUMENT name the invalid fields, and `message` has the words of the first.
 */
export class PracticeProblem extends Error {
  override readonly name = "PracticeProblem";

  constructor(
    readonly reason: Reason,
    detail: string,
    /** Undefined where no reply came, or where a stream failed after it had begun. */
    readonly status?: number,
    readonly errors: NonNullable<Problem["errors"]> = [],
    /** The id to quote in a report of the problem. */
    readonly requestId?: string,
    /** The seconds to wait before the same request is repeated. */
    readonly retryAfterSeconds?: number,
    options?: ErrorOptions,
  ) {
    const [first] = errors;
    super(first ? `${detail} ${first.path}: ${first.message}` : detail, options);
  }

  /** The problem that a response without success describes. */
  static async of(response: Response): Promise<PracticeProblem> {
    const after = Number(response.headers.get("Retry-After") ?? Number.NaN);
    const problem = await problemIn(response);
    return new PracticeProblem(
      problem?.reason ?? reasonOf(response.status),
      problem?.detail ?? `The server answered ${response.status} without an explanation.`,
      response.status,
      problem?.errors,
      problem?.request_id ?? response.headers.get("X-Request-Id") ?? undefined,
      Number.isFinite(after) ? after : undefined,
    );
  }
}

/** Undefined where the response is not from a function but, for instance, from a proxy. */
async function problemIn(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) return undefined;
  try {
    return JSON.parse(await response.text()) as Problem;
  } catch {
    return undefined;
  }
}

function reasonOf(status: number): Reason {
  return REASONS[status] ?? (status >= 500 ? "UNAVAILABLE" : "INTERNAL");
}
