import { type Auth, type User, onIdTokenChanged, signOut as signOutOfFirebase } from "firebase/auth";
import { type ReactNode, createContext, useContext, useEffect, useRef, useState } from "react";

import type { Firebase } from "@/data/firebase";
import { clearTab, closeLocal, openLocal } from "@/data/local_state";

export interface SignedIn {
  user: User;
  uid: string;
  /** The display name, or the address. */
  name: string;
  isTeacher: boolean;
  signOut: () => Promise<void>;
}

/** undefined until Firebase has looked into the browser's storage. */
type Session = SignedIn | null | undefined;

const SessionContext = createContext<Session>(undefined);

export function SessionProvider({ firebase, children }: { firebase: Firebase; children: ReactNode }) {
  const session = useFirebaseSession(firebase);
  return <SessionContext value={session}>{children}</SessionContext>;
}

function useFirebaseSession({ auth }: Firebase): Session {
  const [session, setSession] = useState<Session>(undefined);
  const shown = useRef<string>(null);
  useEffect(
    () =>
      onIdTokenChanged(auth, (user) => {
        if (!user) {
          // Signed out in another tab, perhaps.
          if (shown.current) closeLocal(shown.current);
          // Also what a page has noted while it closed, after its person had signed out.
          clearTab();
          setSession(null);
          return;
        }
        shown.current = user.uid;
        openLocal(user.uid);
        void roleOf(user).then((role) => {
          setSession((before) => {
            const isTeacher = role === "teacher";
            const name = user.displayName ?? user.email ?? user.uid;
            if (before?.user === user && before.isTeacher === isTeacher && before.name === name)
              return before;
            return { user, uid: user.uid, name, isTeacher, signOut: () => signOut(auth) };
          });
        });
      }),
    [auth],
  );
  return session;
}

async function roleOf(user: User): Promise<unknown> {
  try {
    return (await user.getIdTokenResult()).claims["role"];
  } catch {
    return undefined; // without network and with an expired token: the page says so where it reads
  }
}

/** Leaves nothing of this person: neither stored state, nor what the page holds in memory. */
async function signOut(auth: Auth): Promise<void> {
  if (auth.currentUser) closeLocal(auth.currentUser.uid);
  await signOutOfFirebase(auth);
  location.assign("/sign-in");
}

export function useSession(): Session {
  return useContext(SessionContext);
}

/** The signed-in user; only below the pages that need one. */
export function useUser(): SignedIn {
  const session = useContext(SessionContext);
  if (!session) throw new Error("Nobody is signed in.");
  return session;
}
