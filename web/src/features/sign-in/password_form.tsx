import type { Auth } from "firebase/auth";
import { useState } from "react";

import { resetPassword, signInWithPassword } from "@/auth/sign_in";
import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Notice } from "@/ui/notice";

import { type Email, EmailField, Form, Problem } from "./form";
import { useSignInAction } from "./sign_in_action";

export function PasswordForm({ auth, email }: { auth: Auth; email: Email }) {
  const t = useMessages(messages);
  const address = email.value.trim();
  const [password, setPassword] = useState("");
  const [needsEmail, setNeedsEmail] = useState(false);
  const [sentTo, setSentTo] = useState("");
  const signIn = useSignInAction(() => signInWithPassword(auth, address, password), { isRepeated: true });
  const reset = useSignInAction(
    async () => {
      setSentTo("");
      await resetPassword(auth, address);
      setSentTo(address);
    },
    { isRepeated: false },
  );
  const askForReset = () => {
    setNeedsEmail(true);
    if (address) reset.run();
  };
  return (
    <Form
      text={t.signIn}
      isBusy={signIn.isBusy}
      onSubmit={signIn.run}
      actions={
        <Button look="quiet" isBusy={reset.isBusy} onClick={askForReset}>
          {t.forgotten}
        </Button>
      }
    >
      <Problem text={signIn.problem} />
      <Problem text={reset.problem} />
      {sentTo && <Notice kind="good">{t.resetSent(sentTo)}</Notice>}
      <EmailField email={email} error={needsEmail && !address ? t.emailFirst : undefined} />
      <TextField
        label={t.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </Form>
  );
}
