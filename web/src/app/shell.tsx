import { useEffect, useRef, useState } from "react";
import { Link, NavLink, Outlet, ScrollRestoration, useLocation } from "react-router";

import { useUser } from "@/auth/session";
import { useBackEnd } from "@/data/back_end";
import { useIsOnline } from "@/data/network";
import { type Language, useLanguage, useMessages } from "@/i18n";
import { shell } from "@/i18n/shell";
import { Icon, type IconName } from "@/ui/icons";
import { useCopyIdentifier } from "@/ui/identifier";
import { Menu } from "@/ui/menu";
import { ToastProvider } from "@/ui/toasts";

import { NotStored } from "./not_stored";
import { useSignOut } from "./sign_out";
import { type Theme, applyTheme, storedTheme } from "./theme";

export function Shell() {
  const t = useMessages(shell);
  const isOnline = useIsOnline();
  const main = useFocusOnNewPage();
  return (
    <ToastProvider>
      <a className="skip-link" href="#main">
        {t.skip}
      </a>
      <Top />
      {!isOnline && (
        <p className="offline" role="status">
          {t.offline}
        </p>
      )}
      <NotStored />
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </ToastProvider>
  );
}

/** A screen reader begins at the content of a new page, as it does where a browser loads one. */
function useFocusOnNewPage() {
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}

function Top() {
  const t = useMessages(shell);
  const { isTeacher } = useUser();
  const { brand } = useBackEnd().config;
  return (
    <header className="top">
      <div className="top-inner">
        <Link className="brand" to="/">
          <img src="/icon.svg" alt="" width={28} height={28} />
          <span>{brand?.name ?? "Practice"}</span>
        </Link>
        <nav className="top-links" aria-label={t.main}>
          <TopLink to="/" icon="home" text={t.today} />
          <TopLink to="/templates" icon="templates" text={t.templates} />
          <TopLink to="/sessions" icon="sessions" text={t.sessions} />
          <TopLink to="/gradebook" icon="gradebook" text={t.gradebook} />
          <TopLink to="/classes" icon="person" text={t.classes} />
          {isTeacher && <TopLink to="/teach" icon="teach" text={t.teach} />}
        </nav>
        <div className="top-end">
          <AccountMenu />
        </div>
      </div>
    </header>
  );
}

function TopLink({ to, icon, text }: { to: string; icon: IconName; text: string }) {
  return (
    <NavLink className="top-link" to={to} end={to === "/"}>
      <Icon name={icon} />
      {text}
    </NavLink>
  );
}

function AccountMenu() {
  const t = useMessages(shell);
  const { name, uid } = useUser();
  const signingOut = useSignOut();
  const copying = useCopyIdentifier(uid, t.copied(uid));
  const { language, choose } = useLanguage();
  const [theme, setTheme] = useState(storedTheme);
  return (
    <>
      <Menu
        button={{ look: "quiet", icon: "person", "aria-label": t.account(name) }}
        entries={[
          { kind: "label", text: name },
          {
            kind: "choice",
            label: t.language,
            value: language,
            choices: [
              { value: "en", text: t.english },
              { value: "de", text: t.german },
            ],
            onChoose: (chosen) => choose(chosen as Language),
          },
          {
            kind: "choice",
            label: t.theme,
            value: theme,
            choices: [
              { value: "system", text: t.system },
              { value: "light", text: t.light },
              { value: "dark", text: t.dark },
            ],
            onChoose: (chosen) => {
              setTheme(chosen as Theme);
              applyTheme(chosen as Theme);
            },
          },
          {
            text: t.copyIdentifier,
            icon: "copy",
            onSelect: copying.copy,
          },
          { text: t.signOut, onSelect: signingOut.signOut },
        ]}
      />
      {copying.dialog}
      {signingOut.dialog}
    </>
  );
}
