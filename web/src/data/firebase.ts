import { type FirebaseApp, initializeApp } from "firebase/app";
import {
  type Auth,
  browserLocalPersistence,
  connectAuthEmulator,
  indexedDBLocalPersistence,
  initializeAuth,
} from "firebase/auth";
import { type Firestore, connectFirestoreEmulator, getFirestore } from "firebase/firestore/lite";

import type { Config } from "./config";

export interface Firebase {
  app: FirebaseApp;
  auth: Auth;
  firestore: Firestore;
}

/** Firebase's services, or their emulators where the configuration names them. */
export function connectFirebase(config: Config): Firebase {
  const { projectId, apiKey, authDomain, authEmulator, firestoreEmulator } = config;
  const app = initializeApp({ projectId, apiKey, ...(authDomain ? { authDomain } : {}) });
  // Without the resolver of pop-ups, which on a phone would load a frame of Google's with every page.
  const auth = initializeAuth(app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] });
  if (authEmulator) connectAuthEmulator(auth, authEmulator, { disableWarnings: true });
  const firestore = getFirestore(app);
  if (firestoreEmulator) connectFirestoreEmulator(firestore, ...hostAndPort(firestoreEmulator));
  return { app, auth, firestore };
}

export function hostAndPort(address: string): [host: string, port: number] {
  const colon = address.lastIndexOf(":");
  return [address.slice(0, colon), Number(address.slice(colon + 1))];
}
