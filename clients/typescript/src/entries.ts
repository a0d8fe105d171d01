/** Documents as the client returns them, read by either SDK. */

import type { SchoolClass, Session } from "./types.js";

/** A snapshot of a document, of either SDK. */
export interface Snapshot {
  id: string;
  data(): Record<string, unknown> | undefined;
}

interface Timestamp {
  seconds: number;
  nanoseconds: number;
}

export function sessionOf(document: Snapshot): Session {
  const fields = withTextInstants(document.data() ?? {});
  return { stored_session: null, ...fields, session_id: document.id } as Session;
}

export function classOf(document: Snapshot): SchoolClass {
  return { ...withTextInstants(document.data() ?? {}), class_id: document.id } as SchoolClass;
}

/** The fields with all instants as the functions reply them: RFC 3339 in UTC, to the microsecond. */
export function withTextInstants(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toReplied(value)]));
}

// Documents have JSON and instants only.
function toReplied(value: unknown): unknown {
  if (isTimestamp(value)) return toText(value);
  if (Array.isArray(value)) return value.map(toReplied);
  return typeof value === "object" && value !== null ? withTextInstants(value as Record<string, unknown>) : value;
}

/** By its method, which no JSON has: each SDK has a class of its own. */
function isTimestamp(value: unknown): value is Timestamp {
  return typeof value === "object" && value !== null && "toDate" in value && typeof value.toDate === "function";
}

function toText(instant: Timestamp): string {
  const seconds = new Date(instant.seconds * 1_000).toISOString().slice(0, "2026-03-02T17:00:00".length);
  const microseconds = Math.floor(instant.nanoseconds / 1_000);
  return microseconds ? `${seconds}.${String(microseconds).padStart(6, "0")}Z` : `${seconds}Z`;
}
