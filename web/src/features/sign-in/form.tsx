import type { ReactNode } from "react";

import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Notice } from "@/ui/notice";

interface Props {
  /** On the button that submits. */
  text: string;
  isBusy: boolean;
  onSubmit: () => void;
  /** Beside the button. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Form({ text, isBusy, onSubmit, actions, children }: Props) {
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <div className="row between">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {text}
        </Button>
        {actions}
      </div>
    </form>
  );
}

export interface Email {
  value: string;
  set: (value: string) => void;
}

interface EmailProps {
  email: Email;
  hint?: string;
  error?: string | undefined;
}

export function EmailField({ email, ...described }: EmailProps) {
  const t = useMessages(messages);
  return (
    <TextField
      label={t.email}
      type="email"
      name="email"
      autoComplete="email"
      required
      value={email.value}
      onChange={(event) => email.set(event.target.value)}
      {...described}
    />
  );
}

export function Problem({ text }: { text: string | undefined }) {
  return text ? <Notice kind="bad">{text}</Notice> : null;
}
