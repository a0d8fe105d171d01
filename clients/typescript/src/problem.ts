import type { Problem, Reason } from "./types.js";

/** A refusal. Decide by `reason`; the `errors` of an INVALID_ARGUMENT name the invalid fields. */
export class PracticeProblem extends Error {
  override readonly name = "PracticeProblem";

  constructor(
    readonly reason: Reason,
    detail: string,
    /** Undefined when a stream failed after it had begun. */
    readonly status?: number,
    readonly errors: NonNullable<Problem["errors"]> = [],
    /** The id to quote in a report of the problem. */
    readonly requestId?: string,
    /** The seconds to wait before the same request is repeated. */
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
  }

  static async of(response: Response): Promise<PracticeProblem> {
    const after = Number(response.headers.get("Retry-After") ?? Number.NaN);
    const problem = await problemIn(response);
    return new PracticeProblem(
      problem?.reason ?? "UNAVAILABLE",
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
    return (await response.json()) as Problem;
  } catch {
    return undefined;
  }
}
