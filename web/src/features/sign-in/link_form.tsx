import type { Auth } from "firebase/auth";
import { useState } from "react";

import { sendLink } from "@/auth/sign_in";
import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";
import { Notice } from "@/ui/notice";

import { type Email, EmailField, Form, Problem } from "./form";
import { useSignInAction } from "./sign_in_action";

interface Props {
  auth: Auth;
  email: Email;
  /** The path of the sign-in page that the link leads to. */
  page: string;
}

export function LinkForm({ auth, email, page }: Props) {
  const t = useMessages(messages);
  const [sentTo, setSentTo] = useState("");
  const { run, isBusy, problem } = useSignInAction(
    async () => {
      const address = email.value.trim();
      setSentTo("");
      await sendLink(auth, address, window.location.origin + page);
      setSentTo(address);
    },
    { isRepeated: false },
  );
  return (
    <Form text={t.sendLink} isBusy={isBusy} onSubmit={run}>
      <Problem text={problem} />
      {sentTo && <Notice kind="good">{t.linkSent(sentTo)}</Notice>}
      <EmailField email={email} hint={t.linkHint} />
    </Form>
  );
}
