/** Reads of Firestore, under the security rules. */

import {
  type DocumentData,
  type Query,
  type QueryConstraint,
  type QueryDocumentSnapshot,
  Timestamp,
  getDocs,
  limit,
  query,
  startAfter,
} from "#firestore";

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

/** One page of a query. */
export async function readPage<Entry>(
  source: Query,
  constraints: QueryConstraint[],
  options: PageOptions,
  entryOf: (document: QueryDocumentSnapshot) => Entry,
): Promise<Page<Entry>> {
  const most = options.limit ?? USUAL_LIMIT;
  const after = options.after ? [startAfter(options.after)] : [];
  // One more than the page has, to know whether another page follows.
  const { docs } = await getDocs(query(source, ...constraints, ...after, limit(most + 1)));
  const shown = docs.slice(0, most);
  return { entries: shown.map(entryOf), next: docs.length > most ? (shown.at(-1) ?? null) : null };
}

/** The fields with all instants as the functions reply them: RFC 3339 in UTC, to the microsecond. */
export function withTextInstants(fields: DocumentData): DocumentData {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toReplied(value)]));
}

// Documents have JSON and instants only.
function toReplied(value: unknown): unknown {
  if (value instanceof Timestamp) return toText(value);
  if (Array.isArray(value)) return value.map(toReplied);
  return typeof value === "object" && value !== null ? withTextInstants(value) : value;
}

function toText(instant: Timestamp): string {
  const seconds = new Date(instant.seconds * 1_000).toISOString().slice(0, "2026-03-02T17:00:00".length);
  const microseconds = Math.floor(instant.nanoseconds / 1_000);
  return microseconds ? `${seconds}.${String(microseconds).padStart(6, "0")}Z` : `${seconds}Z`;
}
