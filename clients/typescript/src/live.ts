/**
 * Sessions, and the work of a class, as they change. This entry point needs the full SDK, `firebase/firestore`, whatever the main
 * one uses, so an app imports it on the pages that need it.
 */

import {
  type Firestore,
  type FirestoreError,
  collection,
  doc,
  limit as atMost,
  onSnapshot,
  orderBy,
  query,
  where,
} from "firebase/firestore";

import { type BoundQuery, bindQuery } from "./bound_query.js";
import { type Snapshot, classOf, sessionOf, withTextInstants } from "./entries.js";
import { type StudentsSessionFilter, sessionsOfStudents } from "./session_lists.js";
import type { Live, SchoolClass, Session } from "./types.js";

export type { Live, SchoolClass, Session, StudentsSessionFilter };

/** Stops the watching. */
export type Unsubscribe = () => void;

/** Only what the server has confirmed is shown: what is cached may be older, or a part of it. */
const CONFIRMED = { includeMetadataChanges: true };
const USUAL_LIMIT = 20;
/** The most students that a class has. */
const ALL_STUDENTS = 500;

/**
 * The newest sessions that the teacher `uid` assigned, at first and after each change, as
 * `sessions.listOfStudents` returns them. `limit`: the most sessions, 20 where it is not given.
 *
 * Without a network nothing comes, and the listening goes on by itself once it returns. After
 * `onError` nothing more comes.
 */
export function watchSessionsOfStudents(
  firestore: Firestore,
  uid: string,
  { limit = USUAL_LIMIT, ...filter }: StudentsSessionFilter & { limit?: number },
  onChange: (sessions: Session[]) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  return watchList(firestore, sessionsOfStudents(uid, filter), { limit, entryOf: sessionOf, onChange, onError });
}

/** A session, at first and after each change, as lists return it: without the state of infinite practice. */
export function watchSession(
  firestore: Firestore,
  sessionId: string,
  onChange: (session: Session) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  return watchDocument(firestore, ["practice_sessions", sessionId], { entryOf: sessionOf, onChange, onError });
}

/** A class that the user teaches or is in, at first and after each change. */
export function watchClass(
  firestore: Firestore,
  classId: string,
  onChange: (of: SchoolClass) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  return watchDocument(firestore, ["classes", classId], { entryOf: classOf, onChange, onError });
}

/**
 * What the students of a class work on, of those who were seen after `since`, at first and after each change, the one
 * seen last first. For teachers of the class. Work that is handed in is no longer among it.
 */
export function watchWork(
  firestore: Firestore,
  { class_id, since }: { class_id: string; since: Date },
  onChange: (work: Live[]) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  const work = bindQuery("work of the moment in a class", { class_id, since });
  const entryOf = (document: Snapshot) => withTextInstants(document.data() ?? {}) as Live;
  return watchList(firestore, work, { limit: ALL_STUDENTS, entryOf, onChange, onError });
}

interface Listener<Entry, Shown> {
  entryOf: (document: Snapshot) => Entry;
  onChange: (shown: Shown) => void;
  onError: (error: FirestoreError) => void;
}

function watchList<Entry>(
  firestore: Firestore,
  bound: BoundQuery,
  { limit, entryOf, onChange, onError }: Listener<Entry, Entry[]> & { limit: number },
): Unsubscribe {
  const watched = query(
    collection(firestore, bound.path),
    ...bound.where.map(([field, operator, value]) => where(field, operator, value)),
    ...bound.orderBy.map(([field, direction]) => orderBy(field, direction)),
    atMost(limit),
  );
  const next = ({ metadata, docs }: { metadata: { fromCache: boolean }; docs: Snapshot[] }) => {
    if (!metadata.fromCache) onChange(docs.map(entryOf));
  };
  return onSnapshot(watched, CONFIRMED, next, onError);
}

function watchDocument<Entry>(
  firestore: Firestore,
  [path, id]: [path: string, id: string],
  { entryOf, onChange, onError }: Listener<Entry, Entry>,
): Unsubscribe {
  return onSnapshot(
    doc(firestore, path, id),
    CONFIRMED,
    (document) => {
      if (!document.metadata.fromCache) onChange(entryOf(document));
    },
    onError,
  );
}
