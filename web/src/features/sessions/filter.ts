/** The filters of the list, as the address has them and as the index allows them. */

import type { Session, SessionFilter } from "practice-client";

/** Filters that go alone, by their names in the address. */
const SEARCHES = {
  subject: "subject",
  way: "practice_mode",
  goal: "parent_id",
  root: "root_id",
  template: "template_id",
} as const;
export type Search = keyof typeof SEARCHES;

export interface Filter {
  status: Session["status"] | null;
  origin: Session["origin"] | null;
  search: { by: Search; value: string } | null;
}

const STATUSES: readonly Session["status"][] = ["active", "completed", "abandoned"];
const ORIGINS: readonly Session["origin"][] = ["assigned", "self_practice"];

/** The filter of an address. A search goes alone: no index has it together with others. */
export function filterOf(params: URLSearchParams): Filter {
  for (const by of Object.keys(SEARCHES) as Search[]) {
    const value = params.get(by);
    if (value) return { status: null, origin: null, search: { by, value } };
  }
  return {
    status: STATUSES.find((status) => status === params.get("status")) ?? null,
    origin: ORIGINS.find((origin) => origin === params.get("origin")) ?? null,
    search: null,
  };
}

export function paramsOf({ status, origin, search }: Filter): Record<string, string> {
  if (search) return { [search.by]: search.value };
  return { ...(status && { status }), ...(origin && { origin }) };
}

export function queryOf({ status, origin, search }: Filter): SessionFilter {
  if (search) return { [SEARCHES[search.by]]: search.value };
  return { ...(status && { status }), ...(origin && { origin }) };
}
