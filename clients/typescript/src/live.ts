/**
 * Sessions as they change. This entry point needs the full SDK, `firebase/firestore`, whatever the main
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

import { sessionOf } from "./entries.js";
import { type StudentsSessionFilter, sessionsOfStudents } from "./session_lists.js";
import type { Session } from "./types.js";

export type { Session, StudentsSessionFilter };

/** Stops the watching. */
export type Unsubscribe = () => void;

/** Only what the server has confirmed is shown: what is cached may be older, or a part of it. */
const CONFIRMED = { includeMetadataChanges: true };
const USUAL_LIMIT = 20;

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
  const bound = sessionsOfStudents(uid, filter);
  const watched = query(
    collection(firestore, bound.path),
    ...bound.where.map(([field, operator, value]) => where(field, operator, value)),
    ...bound.orderBy.map(([field, direction]) => orderBy(field, direction)),
    atMost(limit),
  );
  const next = ({ metadata, docs }: { metadata: { fromCache: boolean }; docs: Parameters<typeof sessionOf>[0][] }) => {
    if (!metadata.fromCache) onChange(docs.map(sessionOf));
  };
  return onSnapshot(watched, CONFIRMED, next, onError);
}

/** A session, at first and after each change, as lists return it: without the state of infinite practice. */
export function watchSession(
  firestore: Firestore,
  sessionId: string,
  onChange: (session: Session) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  return onSnapshot(
    doc(firestore, "practice_sessions", sessionId),
    CONFIRMED,
    (document) => {
      if (!document.metadata.fromCache) onChange(sessionOf(document));
    },
    onError,
  );
}
