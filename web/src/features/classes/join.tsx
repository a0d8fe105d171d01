import { PracticeProblem } from "practice-client";
import { bounds } from "practice-client/bounds";
import { type SubmitEvent, useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useUser } from "@/auth/session";
import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { useToast } from "@/ui/toasts";

import { shown, typed } from "./code";

/** The page that a code's link and QR code open. Who is signed out signs in first, and comes back here. */
export default function JoinPage() {
  const { code = "" } = useParams();
  const t = useMessages(classes);
  return (
    <Page title={t.join} narrow>
      <JoinForm key={code} given={code} />
    </Page>
  );
}

function JoinForm({ given }: { given: string }) {
  const t = useMessages(classes);
  const shared = useMessages(common);
  const { driver } = useBackEnd();
  const user = useUser();
  const navigate = useNavigate();
  const toast = useToast();
  const [code, setCode] = useState(() => (typed(given).length === 7 ? shown(typed(given)) : given));
  // Where the account has no name, `user.name` is an address or an identifier.
  const [name, setName] = useState(() => user.user.displayName ?? "");
  const [isAsked, setAsked] = useState(false);
  const action = useAction(async () => {
    setAsked(true);
    if (!typed(code) || !name.trim()) return;
    const joined = await driver.classes.join({ code: typed(code), display_name: name.trim() });
    toast(t.joined(joined.class.name));
    void navigate(`/classes/${joined.class.class_id}`, { replace: true });
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    action.run();
  };
  return (
    <form className="card" onSubmit={submit} noValidate>
      <p>{t.joinText}</p>
      <TextField
        label={t.code}
        hint={t.codeHint}
        required
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={bounds.JoinClass.code.maxLength}
        value={code}
        error={isAsked && !typed(code) ? shared.required : undefined}
        onChange={({ target }) => setCode(target.value)}
      />
      <TextField
        label={t.displayName}
        required
        autoComplete="name"
        maxLength={bounds.JoinClass.display_name.maxLength}
        value={name}
        error={isAsked && !name.trim() ? shared.required : undefined}
        onChange={({ target }) => setName(target.value)}
      />
      <Refused error={action.error} retry={action.retry} isBusy={action.isBusy} />
      <div className="row">
        <Button look="primary" type="submit" isBusy={action.isBusy}>
          {t.joinButton}
        </Button>
      </div>
    </form>
  );
}

function Refused({ error, retry, isBusy }: { error: unknown; retry: () => void; isBusy: boolean }) {
  const t = useMessages(classes);
  if (error === undefined) return null;
  const reason = error instanceof PracticeProblem ? error.reason : null;
  if (reason === "JOIN_CODE_NOT_VALID") return <Notice kind="bad">{t.codeNotValid}</Notice>;
  if (reason === "TEACHER_CANNOT_JOIN") return <Notice kind="bad">{t.teacherCannotJoin}</Notice>;
  return <ErrorNotice error={error} retry={retry} isRetrying={isBusy} />;
}
