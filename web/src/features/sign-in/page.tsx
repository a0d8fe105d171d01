import type { Auth } from "firebase/auth";
import { type SyntheticEvent, useState } from "react";
import { useLocation } from "react-router";

import {
  isLink,
  linkEmail,
  resetPassword,
  sendLink,
  signInByLink,
  signInWithGoogle,
  signInWithPassword,
  signUp,
} from "@/auth/sign_in";
import type { Config } from "@/data/config";
import { useLanguage, useMessages } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { signIn as messages, signInProblem } from "@/i18n/sign_in";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Notice } from "@/ui/notice";
import { useDocumentTitle } from "@/ui/page";
import { Tabs } from "@/ui/tabs";

interface Props {
  config: Config;
  auth: Auth;
}

export function SignIn({ config, auth }: Props) {
  const t = useMessages(messages);
  useDocumentTitle(t.title);
  const { href } = window.location;
  const fromLink = isLink(auth, href);
  const tabs = [
    { value: "in", title: t.signIn, content: <PasswordForm auth={auth} /> },
    { value: "up", title: t.signUp, content: <SignUpForm auth={auth} /> },
    ...(config.signIn.includes("emailLink")
      ? [{ value: "link", title: t.link, content: <LinkForm auth={auth} /> }]
      : []),
  ];
  return (
    <main className="page page-narrow">
      <div className="row">
        <img src="/icon.svg" alt="" width={40} height={40} />
        <h1>{t.welcome(config.brand?.name ?? "Practice")}</h1>
      </div>
      {fromLink ? (
        <OpenedLink auth={auth} address={href} />
      ) : (
        <>
          <div className="card">
            <Tabs label={t.ways} tabs={tabs} />
            {config.signIn.includes("google") && <GoogleButton auth={auth} />}
          </div>
          {config.people && <People auth={auth} people={config.people} />}
        </>
      )}
    </main>
  );
}

interface Doing {
  isBusy: boolean;
  problem: string | undefined;
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One thing at a time, with its error in words. */
function useDoing(): Doing {
  const { language } = useLanguage();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(signInProblem(error, language) ?? problemText(error, language));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, run };
}

function fieldOf(event: SyntheticEvent<HTMLFormElement>): (name: string) => string {
  event.preventDefault();
  const fields = new FormData(event.currentTarget);
  return (name) => {
    const value = fields.get(name);
    return typeof value === "string" ? value : "";
  };
}

function Problem({ text }: { text: string | undefined }) {
  return text ? <Notice kind="bad">{text}</Notice> : null;
}

function PasswordForm({ auth }: { auth: Auth }) {
  const t = useMessages(messages);
  const { isBusy, problem, run } = useDoing();
  const [email, setEmail] = useState("");
  const [sentTo, setSentTo] = useState("");
  const [needsEmail, setNeedsEmail] = useState(false);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        const field = fieldOf(event);
        void run(() => signInWithPassword(auth, email.trim(), field("password")));
      }}
    >
      <Problem text={problem} />
      {sentTo && <Notice kind="good">{t.resetSent(sentTo)}</Notice>}
      <TextField
        label={t.email}
        type="email"
        name="email"
        autoComplete="email"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={needsEmail && !email ? t.emailFirst : undefined}
      />
      <TextField
        label={t.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
      />
      <div className="row between">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t.signIn}
        </Button>
        <Button
          look="quiet"
          onClick={() => {
            setNeedsEmail(true);
            const address = email.trim();
            if (address)
              void run(() => resetPassword(auth, address)).then((done) => setSentTo(done ? address : ""));
          }}
        >
          {t.forgotten}
        </Button>
      </div>
    </form>
  );
}

function SignUpForm({ auth }: { auth: Auth }) {
  const t = useMessages(messages);
  const { isBusy, problem, run } = useDoing();
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        const field = fieldOf(event);
        void run(() => signUp(auth, field("name").trim(), field("email").trim(), field("password")));
      }}
    >
      <Problem text={problem} />
      <TextField label={t.name} name="name" autoComplete="name" required maxLength={100} />
      <TextField label={t.email} type="email" name="email" autoComplete="email" required />
      <TextField
        label={t.password}
        hint={t.passwordHint}
        type="password"
        name="password"
        autoComplete="new-password"
        minLength={6}
        required
      />
      <div className="row">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t.signUp}
        </Button>
      </div>
    </form>
  );
}

function LinkForm({ auth }: { auth: Auth }) {
  const t = useMessages(messages);
  const { isBusy, problem, run } = useDoing();
  const { search } = useLocation();
  const [sentTo, setSentTo] = useState("");
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        const email = fieldOf(event)("email").trim();
        const page = `${window.location.origin}/sign-in${search}`;
        void run(() => sendLink(auth, email, page)).then((done) => setSentTo(done ? email : ""));
      }}
    >
      <Problem text={problem} />
      {sentTo && <Notice kind="good">{t.linkSent(sentTo)}</Notice>}
      <TextField label={t.email} hint={t.linkHint} type="email" name="email" autoComplete="email" required />
      <div className="row">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t.sendLink}
        </Button>
      </div>
    </form>
  );
}

function OpenedLink({ auth, address }: { auth: Auth; address: string }) {
  const t = useMessages(messages);
  const { isBusy, problem, run } = useDoing();
  return (
    <form
      className="card"
      onSubmit={(event) => {
        const email = fieldOf(event)("email").trim();
        void run(() => signInByLink(auth, email, address));
      }}
    >
      <p>{t.confirmEmail}</p>
      <Problem text={problem} />
      <TextField
        label={t.email}
        type="email"
        name="email"
        autoComplete="email"
        required
        defaultValue={linkEmail() ?? ""}
      />
      <div className="row">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t.signIn}
        </Button>
        {problem && (
          // A new page, so that the address is without the code of the link.
          <a className="button button-quiet" href={otherWays()}>
            {t.otherWay}
          </a>
        )}
      </div>
    </form>
  );
}

/** The sign-in page without the link's code, and with the page that was asked for. */
function otherWays(): string {
  const next = new URLSearchParams(window.location.search).get("next");
  return next ? `/sign-in?next=${encodeURIComponent(next)}` : "/sign-in";
}

function GoogleButton({ auth }: { auth: Auth }) {
  const t = useMessages(messages);
  const { isBusy, problem, run } = useDoing();
  return (
    <>
      <Problem text={problem} />
      <Button isBusy={isBusy} onClick={() => void run(() => signInWithGoogle(auth))}>
        {t.google}
      </Button>
    </>
  );
}

function People({ auth, people }: { auth: Auth; people: NonNullable<Config["people"]> }) {
  const t = useMessages(messages);
  const { isBusy, problem, run } = useDoing();
  return (
    <section className="card" aria-label={t.people}>
      <h2>{t.people}</h2>
      <p className="soft">{t.peopleHint}</p>
      <Problem text={problem} />
      <div className="row">
        {people.map(({ name, email, password, role }) => (
          <Button
            key={email}
            icon={role === "teacher" ? "teach" : "person"}
            isBusy={isBusy}
            onClick={() => void run(() => signInWithPassword(auth, email, password))}
          >
            {role === "teacher" ? t.teacher(name) : t.student(name)}
          </Button>
        ))}
      </div>
    </section>
  );
}
