/** What the gradebook shows, as its address says it: /gradebook?of=assigned&status=completed. */

import type { Session, SessionFilter } from "practice-client";
import { useSearchParams } from "react-router";

export type Origin = Session["origin"];
export type Status = Session["status"];

export interface Shown {
  /** undefined: both. */
  origin: Origin | undefined;
  status: Status | undefined;
}

const ORIGINS: readonly Origin[] = ["assigned", "self_practice"];
export const STATUSES: readonly Status[] = ["completed", "active", "abandoned"];

export function useShown() {
  const [search, setSearch] = useSearchParams();
  const shown: Shown = {
    origin: ORIGINS.find((origin) => origin === search.get("of")),
    status: STATUSES.find((status) => status === search.get("status")),
  };
  /** Sets parameters of the address, or removes those that are null. */
  const show = (changes: Record<string, string | null>) =>
    setSearch(
      (before) => {
        for (const [name, value] of Object.entries(changes))
          if (value === null) before.delete(name);
          else before.set(name, value);
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  return { ...shown, search, show };
}

export function filterOf({ origin, status }: Shown): SessionFilter {
  if (origin === undefined) return status === undefined ? {} : { status };
  return status === undefined ? { origin } : { origin, status };
}
