import { expect, test } from "vitest";

import { filterOf, paramsOf, queryOf } from "./filter";

test.each([
  ["", {}],
  ["status=active", { status: "active" }],
  ["status=completed&origin=assigned", { status: "completed", origin: "assigned" }],
  ["status=nonsense&origin=assigned", { origin: "assigned" }],
  // Only combinations that have an index.
  ["subject=Music&status=active", { subject: "Music" }],
  ["goal=g1&subject=Music", { subject: "Music" }],
  ["way=exam", { practice_mode: "exam" }],
  ["goal=g1", { parent_id: "g1" }],
  ["root=r1", { root_id: "r1" }],
  ["template=t1", { template_id: "t1" }],
])("the address %j asks for %j", (address, query) => {
  const filter = filterOf(new URLSearchParams(address));
  expect(queryOf(filter)).toEqual(query);
  expect(filterOf(new URLSearchParams(paramsOf(filter)))).toEqual(filter);
});
