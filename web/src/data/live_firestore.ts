/** Loaded where a page watches: the full SDK of Firestore, several times as large as the usual one. */

import type { FirebaseApp } from "firebase/app";
import {
  type Firestore,
  connectFirestoreEmulator,
  initializeFirestore,
  memoryLocalCache,
} from "firebase/firestore";

import type { BackEnd } from "./back_end";
import { hostAndPort } from "./firebase";

const connected = new WeakMap<FirebaseApp, Firestore>();

/** Its cache is in memory alone: signing out loads the page again, which leaves nothing of it. */
export function liveFirestoreOf({ firebase, config }: BackEnd): Firestore {
  const known = connected.get(firebase.app);
  if (known) return known;
  const firestore = initializeFirestore(firebase.app, { localCache: memoryLocalCache() });
  if (config.firestoreEmulator) connectFirestoreEmulator(firestore, ...hostAndPort(config.firestoreEmulator));
  connected.set(firebase.app, firestore);
  return firestore;
}
