/** Reads of Firestore, under the security rules. */

import {
  type Firestore,
  type Query,
  type QueryDocumentSnapshot,
  collection,
  collectionGroup,
  getDocs,
  limit,
  orderBy,
  query,
  startAfter,
  where,
} from "#firestore";

import { type BoundQuery, type QueryName, type QueryValues, bindQuery } from "./bound_query.js";

export type Cursor = QueryDocumentSnapshot;

export interface PageOptions {
  /** The most entries of a page. Default: 20. */
  limit?: number;
  /** The `next` of the page before. */
  after?: Cursor | null;
}

export interface Page<Entry> {
  entries: Entry[];
  /** Where the next page begins, null after the last one. */
  next: Cursor | null;
}

const USUAL_LIMIT = 20;

/** The query of this name, with its values. Throws if a value is missing, or is of another query. */
export function buildQuery<Name extends QueryName>(firestore: Firestore, name: Name, values: QueryValues<Name>): Query {
  return queryOf(firestore, bindQuery(name, values));
}

export function queryOf(firestore: Firestore, bound: BoundQuery): Query {
  return query(
    bound.isGroup ? collectionGroup(firestore, bound.path) : collection(firestore, bound.path),
    ...bound.where.map(([field, operator, value]) => where(field, operator, value)),
    ...bound.orderBy.map(([field, direction]) => orderBy(field, direction)),
    ...(bound.limit === null ? [] : [limit(bound.limit)]),
  );
}

/** One page of a query. */
export async function readPage<Entry>(
  source: Query,
  options: PageOptions,
  entryOf: (document: QueryDocumentSnapshot) => Entry,
): Promise<Page<Entry>> {
  const most = options.limit ?? USUAL_LIMIT;
  const after = options.after ? [startAfter(options.after)] : [];
  // One more than the page has, to know whether another page follows.
  const { docs } = await getDocs(query(source, ...after, limit(most + 1)));
  const shown = docs.slice(0, most);
  return { entries: shown.map(entryOf), next: docs.length > most ? (shown.at(-1) ?? null) : null };
}
