import type { JoinSettings, SchoolClass, UpdateClass } from "practice-client";
import { useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { Button } from "@/ui/button";
import { later } from "@/ui/later";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { useToast } from "@/ui/toasts";

import { Assignments } from "./assign/assignments";
import { JoinCard } from "./join_card";
import { Roster } from "./roster";

const ChangeDialog = later(() => import("./change_dialog"));

export interface Shown {
  of: SchoolClass;
  join: JoinSettings;
}

interface Props extends Shown {
  onChanged: (now: Shown) => void;
}

export function TaughtClass({ of, join, onChanged }: Props) {
  const t = useMessages(classes);
  const { driver } = useBackEnd();
  const [open, setOpen] = useState<"change" | "archive" | null>(null);
  const close = () => setOpen(null);
  /** Repeated by itself after an outage: the version makes it take effect once. */
  const update = async (change: Omit<UpdateClass, "class_id" | "version">) => {
    const now = await driver.classes.update({ class_id: of.class_id, version: of.version, ...change });
    onChanged({ of: now.class, join: now.join });
    return now;
  };
  const isArchived = of.archived_at !== null;
  return (
    <Page
      title={of.name}
      actions={
        !isArchived && (
          <>
            <Button onClick={() => setOpen("change")}>{t.change}</Button>
            <Button onClick={() => setOpen("archive")}>{t.archive}</Button>
          </>
        )
      }
    >
      {of.subject && <p className="soft">{of.subject}</p>}
      {isArchived ? <Archived update={update} /> : <JoinCard join={join} update={update} />}
      <Assignments of={of} />
      <Roster of={of} />
      {open === "change" && <ChangeDialog of={of} join={join} update={update} onClose={close} />}
      {open === "archive" && <ArchiveDialog of={of} update={update} onClose={close} />}
    </Page>
  );
}

export type Update = (
  change: Omit<UpdateClass, "class_id" | "version">,
) => Promise<{ class: SchoolClass; join: JoinSettings }>;

function Archived({ update }: { update: Update }) {
  const t = useMessages(classes);
  const toast = useToast();
  const action = useAction(async () => {
    await update({ archived: false });
    toast(t.takenBack);
  });
  return (
    <>
      <Notice
        actions={
          <Button isBusy={action.isBusy} onClick={() => action.run()}>
            {t.takeBack}
          </Button>
        }
      >
        {t.isArchived}
      </Notice>
      {action.error !== undefined && (
        <ErrorNotice error={action.error} retry={action.retry} isRetrying={action.isBusy} />
      )}
    </>
  );
}

function ArchiveDialog({ of, update, onClose }: { of: SchoolClass; update: Update; onClose: () => void }) {
  const t = useMessages(classes);
  const { cancel } = useMessages(common);
  const action = useAction(async () => {
    await update({ archived: true });
    onClose();
  });
  return (
    <ActionDialog
      title={t.archiveTitle(of.name)}
      action={action}
      button={{ look: "danger", text: t.archive }}
      cancel={cancel}
      onClose={onClose}
    >
      <p>{t.archiveText}</p>
    </ActionDialog>
  );
}
