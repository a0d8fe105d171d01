/** Loaded where a page watches: the full SDK of Firestore, several times as large as the usual one. */

import type { FirebaseApp } from "firebase/app";
import {
  type Firestore,
  type FirestoreError,
  connectFirestoreEmulator,
  initializeFirestore,
  memoryLocalCache,
} from "firebase/firestore";
import { type Session, type Unsubscribe, watchSessionsOfStudents } from "practice-client/live";

import type { BackEnd } from "@/data/back_end";
import { hostAndPort } from "@/data/firebase";

const connected = new WeakMap<FirebaseApp, Firestore>();

/** Its cache is in memory alone: signing out loads the page again, which leaves nothing of it. */
function firestoreOf({ firebase, config }: BackEnd): Firestore {
  const known = connected.get(firebase.app);
  if (known) return known;
  const firestore = initializeFirestore(firebase.app, { localCache: memoryLocalCache() });
  if (config.firestoreEmulator) connectFirestoreEmulator(firestore, ...hostAndPort(config.firestoreEmulator));
  connected.set(firebase.app, firestore);
  return firestore;
}

export function watchTemplate(
  backEnd: BackEnd,
  filter: { template_id: string; limit: number },
  onChange: (sessions: Session[]) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  return watchSessionsOfStudents(firestoreOf(backEnd), backEnd.uid, filter, onChange, onError);
}
