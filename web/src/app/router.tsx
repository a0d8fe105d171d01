import type { Auth } from "firebase/auth";
import type { ComponentType } from "react";
import { Navigate, type RouteObject, createBrowserRouter, useLocation } from "react-router";

import type { Config } from "@/data/config";

import { NotFound, RouteError } from "./errors";
import { Shell } from "./shell";
import { Waiting } from "./waiting";

/** Each page is loaded when it is first opened. web/routes.json lists the same paths. */
const PAGES: Record<string, () => Promise<{ default: ComponentType }>> = {
  "/": () => import("@/features/today/page"),
  "/templates": () => import("@/features/templates/list"),
  "/templates/new": () => import("@/features/templates/new"),
  "/templates/:id": () => import("@/features/templates/edit"),
  "/log": () => import("@/features/log/page"),
  "/sessions": () => import("@/features/sessions/list"),
  "/sessions/:id": () => import("@/features/sessions/details"),
  "/session/:id": () => import("@/features/session/page"),
  "/practice/:templateId": () => import("@/features/practice/page"),
  "/daily": () => import("@/features/practice/daily"),
  "/gradebook": () => import("@/features/gradebook/page"),
  "/classes": () => import("@/features/classes/list"),
  "/classes/:id": () => import("@/features/classes/page"),
  "/classes/:id/live": () => import("@/features/classes/live/page"),
  "/classes/:id/gradebook": () => import("@/features/classes/gradebook/page"),
  "/classes/:id/assignments/:assignmentId": () => import("@/features/classes/report/page"),
  "/assignments/:classId/:assignmentId": () => import("@/features/practice/assignment"),
  "/join/:code": () => import("@/features/classes/join"),
  "/teach": () => import("@/features/teach/overview"),
  "/teach/templates/:id": () => import("@/features/teach/template"),
  "/teach/students/:id": () => import("@/features/teach/student"),
};

interface Options {
  isSignedIn: boolean;
  config: Config;
  auth: Auth;
}

export function createRouter({ isSignedIn, config, auth }: Options) {
  return createBrowserRouter(isSignedIn ? signedIn() : signedOut(config, auth));
}

function signedIn(): RouteObject[] {
  const pages = Object.entries(PAGES).map<RouteObject>(([path, load]) => ({
    path,
    lazy: () => loaded(load),
  }));
  return [
    {
      Component: Shell,
      HydrateFallback: Waiting,
      errorElement: <RouteError />,
      children: [
        // Around the pages, not on each: the router shows nothing of a route that could not be loaded.
        { errorElement: <RouteError />, children: pages },
        { path: "/sign-in", Component: ToNextPage },
        { path: "*", Component: NotFound },
      ],
    },
  ];
}

/** Rejects with a TypeError also where it is a style sheet that could not be loaded. */
async function loaded(load: () => Promise<{ default: ComponentType }>) {
  try {
    return { Component: (await load()).default };
  } catch (cause) {
    throw cause instanceof TypeError ? cause : new TypeError("The page could not be loaded.", { cause });
  }
}

function signedOut(config: Config, auth: Auth): RouteObject[] {
  return [
    {
      path: "/sign-in",
      HydrateFallback: Waiting,
      errorElement: <RouteError />,
      lazy: async () => {
        const { SignIn } = await import("@/features/sign-in/page");
        return { Component: () => <SignIn config={config} auth={auth} /> };
      },
    },
    { path: "*", Component: ToSignIn },
  ];
}

/** Remembers the page that was asked for. */
function ToSignIn() {
  const { pathname, search, hash } = useLocation();
  const next = pathname + search + hash;
  return <Navigate to={next === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`} replace />;
}

/** Only a path of this app: an address elsewhere in a link would send people away after they sign in. */
function ToNextPage() {
  const { search } = useLocation();
  const next = new URLSearchParams(search).get("next") ?? "/";
  return <Navigate to={/^\/(?![/\\])/.test(next) ? next : "/"} replace />;
}
