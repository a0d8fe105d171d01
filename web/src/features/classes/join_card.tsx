import type { JoinSettings } from "practice-client";
import { useState } from "react";

import { useAction } from "@/data/action";
import { useFormat, useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useCopyIdentifier } from "@/ui/identifier";
import { later } from "@/ui/later";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { useToast } from "@/ui/toasts";

import { linkTo, shown } from "./code";
import type { Update } from "./taught_class";

const QrCode = later(() => import("./qr"));

interface Props {
  join: JoinSettings;
  update: Update;
}

/** The code for students, with its link and its QR code, large enough for a projector. */
export function JoinCard({ join, update }: Props) {
  const t = useMessages(classes);
  return (
    <Section title={t.openCode}>
      {join.code === null ? (
        <NoCode update={update} />
      ) : (
        <Code join={join} code={join.code} update={update} />
      )}
    </Section>
  );
}

function NoCode({ update }: { update: Update }) {
  const t = useMessages(classes);
  const action = useRotation(update, () => undefined);
  return (
    <>
      <Notice
        actions={
          <Button look="primary" isBusy={action.isBusy} onClick={() => action.run()}>
            {t.makeCode}
          </Button>
        }
      >
        {t.noCode}
      </Notice>
      {action.error !== undefined && (
        <ErrorNotice error={action.error} retry={action.retry} isRetrying={action.isBusy} />
      )}
    </>
  );
}

function Code({ join, code, update }: Props & { code: string }) {
  const t = useMessages(classes);
  const format = useFormat();
  const copying = useCopyIdentifier(linkTo(code), t.linkCopied);
  const [open, setOpen] = useState<"large" | "rotate" | null>(null);
  const close = () => setOpen(null);
  const end = join.expires_at ?? "";
  const isExpired = new Date(end) <= new Date();
  return (
    <div className="card class-join">
      <div className="stack">
        <p className="class-code">{shown(code)}</p>
        <p>{t.codeText(`${location.host}/classes`)}</p>
        {isExpired && <Notice kind="warn">{t.expired(format.dateTime(end))}</Notice>}
        <p className="soft">
          {!isExpired && t.validUntil(format.date(end))} {t.places(format.number(join.max_students))}
        </p>
        <div className="row">
          <Button look="primary" icon="eye" onClick={() => setOpen("large")}>
            {t.large}
          </Button>
          <Button icon="copy" onClick={copying.copy}>
            {t.copyLink}
          </Button>
          <Button icon="refresh" onClick={() => setOpen("rotate")}>
            {t.newCode}
          </Button>
        </div>
      </div>
      <Qr code={code} />
      {open === "large" && (
        <Dialog isOpen wide title={t.openCode} onClose={close}>
          <div className="class-large">
            <p className="class-code">{shown(code)}</p>
            <Qr code={code} />
            <p>{t.codeText(`${location.host}/classes`)}</p>
          </div>
        </Dialog>
      )}
      {open === "rotate" && <RotateDialog update={update} onClose={close} />}
      {copying.dialog}
    </div>
  );
}

function Qr({ code }: { code: string }) {
  const t = useMessages(classes);
  return (
    <QrCode text={linkTo(code)} label={t.qr(shown(code))} fallback={<div className="class-qr-room" />} />
  );
}

function RotateDialog({ update, onClose }: { update: Update; onClose: () => void }) {
  const t = useMessages(classes);
  const { cancel } = useMessages(common);
  const action = useRotation(update, onClose);
  return (
    <ActionDialog
      title={t.newCodeTitle}
      action={action}
      button={{ look: "danger", text: t.newCode }}
      cancel={cancel}
      onClose={onClose}
    >
      <p>{t.newCodeText}</p>
    </ActionDialog>
  );
}

function useRotation(update: Update, onDone: () => void) {
  const t = useMessages(classes);
  const toast = useToast();
  return useAction(async () => {
    const { join } = await update({ join: { rotate: true } });
    toast(t.codeMade(shown(join.code ?? "")));
    onDone();
  });
}
