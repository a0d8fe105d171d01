import type { Problem, Reason } from "./types.js";

/** A refusal. `reason` is what to decide by; `errors` name the fields of an INVALID_ARGUMENT. */
export class PracticeProblem extends Error {
  override readonly name = "PracticeProblem";

  constructor(
    readonly reason: Reason,
    detail: string,
    /** Absent where a stream broke off that had begun well. */
    readonly status?: number,
    readonly errors: NonNullable<Problem["errors"]> = [],
    /** To quote when the fault is the server's. */
    readonly requestId?: string,
    /** How long to wait before the same request may be sent again. */
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
  }

  static async of(response: Response): Promise<PracticeProblem> {
    const after = Number(response.headers.get("Retry-After") ?? Number.NaN);
    const said = await problemIn(response);
    return new PracticeProblem(
      said?.reason ?? "UNAVAILABLE",
      said?.detail ?? `The server answered ${response.status} and nothing that explains it.`,
      response.status,
      said?.errors,
      said?.request_id ?? response.headers.get("X-Request-Id") ?? undefined,
      Number.isFinite(after) ? after : undefined,
    );
  }
}

/** Nothing where somebody else answered, a proxy for instance. */
async function problemIn(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get("Content-Type")?.startsWith("application/problem+json")) return undefined;
  try {
    return (await response.json()) as Problem;
  } catch {
    return undefined;
  }
}
