import { Suspense, use, useMemo } from "react";
import { RouterProvider } from "react-router";

import { SessionProvider, useSession } from "@/auth/session";
import { BackEndProvider } from "@/data/back_end";
import type { Config } from "@/data/config";
import type { Firebase } from "@/data/firebase";
import { LanguageProvider } from "@/i18n";

import { Catch } from "./errors";
import { createRouter } from "./router";
import { Waiting } from "./waiting";

interface Started {
  config: Config;
  firebase: Firebase;
}

export function App({ start }: { start: Promise<Started> }) {
  return (
    <LanguageProvider>
      <Catch>
        <Suspense fallback={<Waiting />}>
          <Connected start={start} />
        </Suspense>
      </Catch>
    </LanguageProvider>
  );
}

function Connected({ start }: { start: Promise<Started> }) {
  const { config, firebase } = use(start);
  return (
    <SessionProvider firebase={firebase}>
      <Routed config={config} firebase={firebase} />
    </SessionProvider>
  );
}

function Routed({ config, firebase }: Started) {
  const session = useSession();
  const user = session?.user;
  const isKnown = session !== undefined;
  const { auth } = firebase;
  // Another person gets a router of their own: nothing that a page holds outlives its user.
  const router = useMemo(
    () => (isKnown ? createRouter({ isSignedIn: user !== undefined, config, auth }) : null),
    [isKnown, user, config, auth],
  );
  if (!router) return <Waiting />;
  const routed = <RouterProvider router={router} />;
  if (!user) return routed;
  return (
    <BackEndProvider config={config} firebase={firebase} user={user}>
      {routed}
    </BackEndProvider>
  );
}
