/** The lists of sessions: the query of each filter. */

import { type BoundQuery, type QueryName, type QueryValues, bindQuery } from "./bound_query.js";
import type { Session } from "./types.js";

type Only<Fields, Names extends keyof Fields> = Pick<Fields, Names> & {
  [Other in Exclude<keyof Fields, Names>]?: never;
};
/** The filters that have an index, alone: a list takes at most one. */
type OneOf<Fields> = { [Name in keyof Fields]: Only<Fields, Name> }[keyof Fields] | { [Name in keyof Fields]?: never };

interface Filters {
  status: Session["status"];
  template_id: string;
  origin: Session["origin"];
  subject: string;
  practice_mode: string;
  root_id: string;
}

interface OwnFilters extends Filters {
  /** Sessions of a goal among their `parent_ids`. */
  parent_id: string;
}

/** Of the filters, only `origin` and `status` may be used together. */
export type SessionFilter = OneOf<OwnFilters> | Only<OwnFilters, "origin" | "status">;

export type StudentsSessionFilter = OneOf<Filters & { student_id: string }>;

/** By the names of the filters. */
const OWN: Readonly<Record<string, QueryName>> = {
  "": "my sessions",
  "status": "my sessions by status",
  "template_id": "my sessions of a template",
  "origin": "my sessions by origin",
  "subject": "my sessions of a subject",
  "practice_mode": "my sessions by practice mode",
  "root_id": "my sessions of a root goal",
  "parent_id": "my sessions of a parent goal",
  "origin,status": "my sessions by origin and status",
};
const OF_STUDENTS: Readonly<Record<string, QueryName>> = {
  "": "sessions of my students",
  "status": "sessions of my students by status",
  "template_id": "sessions of my students, of a template",
  "origin": "sessions of my students by origin",
  "subject": "sessions of my students of a subject",
  "practice_mode": "sessions of my students by practice mode",
  "root_id": "sessions of my students of a root goal",
  "student_id": "sessions of one of my students",
};

/** The user's own sessions, newest first. Throws if no query has these filters. */
export function ownSessions(uid: string, filter: SessionFilter): BoundQuery {
  return filtered(OWN, uid, filter);
}

/** The sessions that a teacher assigned, newest first. Throws if no query has these filters. */
export function sessionsOfStudents(uid: string, filter: StudentsSessionFilter): BoundQuery {
  return filtered(OF_STUDENTS, uid, filter);
}

function filtered(names: Readonly<Record<string, QueryName>>, uid: string, filter: object): BoundQuery {
  // Callers without `exactOptionalPropertyTypes` may give undefined for a filter that is not used.
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const fields = given.map(([field]) => field).sort().join();
  const name = names[fields];
  if (name === undefined) throw new Error(`No index has these filters of sessions together: ${fields}.`);
  return bindQuery(name, { me: uid, ...Object.fromEntries(given) } as QueryValues<typeof name>);
}
