import { queries } from "./queries.js";

/** A query of docs/queries.json, by its name there. */
export type QueryName = keyof typeof queries;

type Values<Texts> = Texts extends `${string}$${infer Name}/${string}` | `$${infer Name}` ? Name : never;
type ValueOf<Filter> = Filter extends readonly [string, string, infer Value] ? Values<Value> : never;

/** The values that the query has by name: `me` is the uid of its caller. */
export type QueryValues<Name extends QueryName> = {
  [Value in
    | Values<(typeof queries)[Name]["collection"]>
    | ValueOf<(typeof queries)[Name]["where"][number]>]: Value extends "now" | "since" ? Date : string;
};

type Queries = (typeof queries)[QueryName];

/** A query with its values: an SDK's `collection`, `where`, `orderBy` and `limit` take them as they are. */
export interface BoundQuery {
  path: string;
  /** It finds documents of every collection that has this name. */
  isGroup: boolean;
  where: [field: string, operator: Queries["where"][number][1], value: unknown][];
  orderBy: readonly (readonly [field: string, direction: "asc" | "desc"])[];
  limit: number | null;
}

/** The query with its values. Throws if a value is missing, or is of another query. */
export function bindQuery<Name extends QueryName>(name: Name, values: QueryValues<Name>): BoundQuery {
  const { collection, where, orderBy, limit } = queries[name];
  const given = new Map<string, unknown>(Object.entries(values));
  const used = new Set<string>();
  const bound = (value: unknown): unknown => {
    if (typeof value !== "string" || !value.startsWith("$")) return value;
    const key = value.slice(1);
    if (given.get(key) === undefined) throw new Error(`The query "${name}" needs the value ${key}.`);
    used.add(key);
    return given.get(key);
  };
  const path = collection.split("/").map(bound).join("/");
  const filters = where.map(([field, operator, value]): BoundQuery["where"][number] => [field, operator, bound(value)]);
  for (const key of given.keys()) if (!used.has(key)) throw new Error(`The query "${name}" has no value ${key}.`);
  return { path, isGroup: "isGroup" in queries[name], where: filters, orderBy, limit };
}
