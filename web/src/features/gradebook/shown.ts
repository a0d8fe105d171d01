/** What the gradebook shows, as its address says it: /gradebook?of=assigned&status=completed. */

import type { Session, SessionFilter } from "practice-client";

import { useSearch } from "@/data/search";

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
  const { search, show } = useSearch();
  const shown: Shown = {
    origin: ORIGINS.find((origin) => origin === search.get("of")),
    status: STATUSES.find((status) => status === search.get("status")),
  };
  return { ...shown, search, show };
}

export function filterOf({ origin, status }: Shown): SessionFilter {
  if (origin === undefined) return status === undefined ? {} : { status };
  return status === undefined ? { origin } : { origin, status };
}
