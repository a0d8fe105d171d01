import type { User } from "firebase/auth";
import { PracticeSessionDriver } from "practice-client";
import { type ReactNode, createContext, useContext, useMemo } from "react";

import type { Config } from "./config";
import type { Firebase } from "./firebase";
import { requireNetwork } from "./network";

/** What pages call and read: the functions and Firestore, as the signed-in user. */
export interface BackEnd {
  driver: PracticeSessionDriver;
  uid: string;
  firebase: Firebase;
  config: Config;
}

const BackEndContext = createContext<BackEnd | null>(null);

interface Props {
  config: Config;
  firebase: Firebase;
  user: User;
  children: ReactNode;
}

export function BackEndProvider({ config, firebase, user, children }: Props) {
  const backEnd = useMemo<BackEnd>(() => {
    const { functions = location.origin } = config;
    const driver = new PracticeSessionDriver({
      functions: typeof functions === "string" ? functions : (name) => functions[name],
      idToken: async () => {
        requireNetwork();
        return user.getIdToken();
      },
      firestore: firebase.firestore,
      uid: user.uid,
    });
    return { driver, uid: user.uid, firebase, config };
  }, [config, firebase, user]);
  return <BackEndContext value={backEnd}>{children}</BackEndContext>;
}

export function useBackEnd(): BackEnd {
  const backEnd = useContext(BackEndContext);
  if (!backEnd) throw new Error("BackEndProvider is missing.");
  return backEnd;
}

/** The browser's zone, in which days of practice are counted. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
