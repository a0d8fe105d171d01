import type { Auth } from "firebase/auth";
import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";

import { isLink } from "@/auth/sign_in";
import type { Config } from "@/data/config";
import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";
import { useDocumentTitle } from "@/ui/page";

import { GoogleButton } from "./google_button";
import { LinkForm } from "./link_form";
import { OpenedLink } from "./opened_link";
import { PasswordForm } from "./password_form";
import { People } from "./people";
import { SignUpForm } from "./sign_up_form";
import { Ways, signInPage } from "./ways";

interface Props {
  config: Config;
  auth: Auth;
}

export function SignIn({ config, auth }: Props) {
  const t = useMessages(messages);
  useDocumentTitle(t.title);
  const [params] = useSearchParams();
  const next = params.get("next");
  const { href } = window.location;
  return (
    <main className="page page-narrow">
      <div className="row">
        <img src="/icon.svg" alt="" width={40} height={40} />
        <h1>{t.welcome(config.brand?.name ?? "Practice")}</h1>
      </div>
      {isLink(auth, href) ? (
        <OpenedLink auth={auth} address={href} page={signInPage({ next })} />
      ) : (
        <>
          <div className="card">
            <ChosenWay config={config} auth={auth} next={next} asked={params.get("way")} />
            {config.signIn.includes("google") && <GoogleButton auth={auth} />}
          </div>
          {config.people && <People auth={auth} people={config.people} />}
        </>
      )}
    </main>
  );
}

interface WayProps extends Props {
  next: string | null;
  /** The way that the address asks for. */
  asked: string | null;
}

function ChosenWay({ config, auth, next, asked }: WayProps) {
  const t = useMessages(messages);
  const [email, setEmail] = useState("");
  const given = { auth, email: { value: email, set: setEmail } };
  const forms: Record<string, ReactNode> = {
    "sign-in": <PasswordForm {...given} />,
    "sign-up": <SignUpForm {...given} />,
    link: <LinkForm {...given} page={signInPage({ next })} />,
  };
  const ways = [
    { value: "sign-in", title: t.signIn },
    { value: "sign-up", title: t.signUp },
    ...(config.signIn.includes("emailLink") ? [{ value: "link", title: t.link }] : []),
  ];
  const chosen = ways.some(({ value }) => value === asked) ? asked! : "sign-in";
  return (
    <>
      <Ways ways={ways} chosen={chosen} next={next} />
      {forms[chosen]}
    </>
  );
}
