import type { Cursor, Session } from "practice-client";
import { useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { download, toCsv } from "@/data/csv";
import { requireNetwork } from "@/data/network";
import { useReading } from "@/data/reading";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { gradebook } from "@/i18n/gradebook";
import { gradebookExport } from "@/i18n/gradebook_export";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice, Notice } from "@/ui/notice";

import { COLUMNS } from "./columns";
import { type Shown, filterOf } from "./shown";

const PAGE = 200;

export interface ExportProps extends Shown {
  onClose: () => void;
}

/** A file of all sessions that the history lists, read page by page. */
export function ExportDialog({ onClose, ...shown }: ExportProps) {
  const t = useMessages(gradebookExport);
  const { columns, all, anyStatus } = useMessages(gradebook);
  const words = useMessages(common);
  const { driver } = useBackEnd();
  const [count, setCount] = useState(0);
  const [isDone, setDone] = useState(false);
  const { run, isBusy, error } = useReading(async (signal) => {
    setCount(0);
    const sessions: Session[] = [];
    let after: Cursor | null = null;
    do {
      requireNetwork();
      const page = await driver.sessions.list({ ...filterOf(shown), limit: PAGE, after });
      signal.throwIfAborted();
      sessions.push(...page.entries);
      after = page.next;
      setCount(sessions.length);
    } while (after);
    const rows = sessions.map((session) => COLUMNS.map(({ valueOf }) => valueOf(session, words)));
    const head = COLUMNS.map(({ name }) => columns[name]);
    const today = new Date().toLocaleDateString("sv-SE");
    download(`${t.fileName}-${today}.csv`, toCsv([head, ...rows]));
    setDone(true);
  });

  const kinds = { assigned: words.assigned, self_practice: words.selfPractice };
  const kind = shown.origin ? kinds[shown.origin] : all;
  const status = shown.status ? words[shown.status] : anyStatus;
  return (
    <Dialog
      title={t.title}
      isOpen
      onClose={onClose}
      actions={
        isDone ? (
          <Button look="primary" onClick={onClose}>
            {words.close}
          </Button>
        ) : (
          <>
            <Button look="primary" icon="download" isBusy={isBusy} onClick={run}>
              {t.start}
            </Button>
            <Button onClick={onClose}>{words.cancel}</Button>
          </>
        )
      }
    >
      <p>{t.about}</p>
      <p>{t.which(kind, status)}</p>
      {isBusy && <p role="status">{t.reading(count)}</p>}
      {isDone && <Notice kind="good">{t.done(count)}</Notice>}
      {error !== undefined && <ErrorNotice error={error} />}
    </Dialog>
  );
}
