import type { Auth } from "firebase/auth";
import { useState } from "react";

import { signUp } from "@/auth/sign_in";
import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";
import { TextField } from "@/ui/field";

import { type Email, EmailField, Form, Problem } from "./form";
import { useSignInAction } from "./sign_in_action";

export function SignUpForm({ auth, email }: { auth: Auth; email: Email }) {
  const t = useMessages(messages);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  // Not repeated: an account is made when its owner says so, with what the form has then.
  const { run, isBusy, problem } = useSignInAction(
    () => signUp(auth, name.trim(), email.value.trim(), password),
    { isRepeated: false },
  );
  return (
    <Form text={t.signUp} isBusy={isBusy} onSubmit={run}>
      <Problem text={problem} />
      <TextField
        label={t.name}
        name="name"
        autoComplete="name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <EmailField email={email} />
      <TextField
        label={t.password}
        hint={t.passwordHint}
        type="password"
        name="password"
        autoComplete="new-password"
        minLength={6}
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </Form>
  );
}
