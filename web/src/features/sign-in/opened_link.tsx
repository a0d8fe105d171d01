import type { Auth } from "firebase/auth";
import { useState } from "react";

import { linkEmail, signInByLink } from "@/auth/sign_in";
import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";

import { EmailField, Form, Problem } from "./form";
import { useSignInAction } from "./sign_in_action";

interface Props {
  auth: Auth;
  /** The address of the link, with its code. */
  address: string;
  /** The path of the sign-in page without the code. */
  page: string;
}

export function OpenedLink({ auth, address, page }: Props) {
  const t = useMessages(messages);
  const [email, setEmail] = useState(() => linkEmail() ?? "");
  // A code signs in once.
  const { run, isBusy, problem } = useSignInAction(() => signInByLink(auth, email.trim(), address), {
    isRepeated: true,
  });
  // A new page, so that the address is without the code of the link.
  const otherWay = (
    <a className="button button-quiet" href={page}>
      {t.otherWay}
    </a>
  );
  return (
    <div className="card">
      <p>{t.confirmEmail}</p>
      <Form text={t.signIn} isBusy={isBusy} onSubmit={run} actions={problem && otherWay}>
        <Problem text={problem} />
        <EmailField email={{ value: email, set: setEmail }} />
      </Form>
    </div>
  );
}
