import type { Cursor, Session } from "practice-client";
import { useRef, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { gradebook } from "@/i18n/gradebook";
import { gradebookExport } from "@/i18n/gradebook_export";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice, Notice } from "@/ui/notice";

import { COLUMNS } from "./columns";
import { toCsv } from "./csv";
import { type Shown, filterOf } from "./shown";

const PAGE = 200;

type State =
  { step: "ready" } | { step: "reading" | "done"; count: number } | { step: "failed"; error: unknown };

export interface ExportProps extends Shown {
  onClose: () => void;
}

/** A file of all sessions that the history lists, read page by page. */
export function ExportDialog({ onClose, ...shown }: ExportProps) {
  const t = useMessages(gradebookExport);
  const { columns, all, anyStatus } = useMessages(gradebook);
  const words = useMessages(common);
  const { driver } = useBackEnd();
  const [state, setState] = useState<State>({ step: "ready" });
  // The number of the run: one that was cancelled finds another, and stops.
  const run = useRef(0);

  const close = () => {
    run.current += 1;
    onClose();
  };

  const write = async () => {
    const own = (run.current += 1);
    const isCancelled = () => run.current !== own;
    setState({ step: "reading", count: 0 });
    try {
      const sessions: Session[] = [];
      let after: Cursor | null = null;
      do {
        const page = await driver.sessions.list({ ...filterOf(shown), limit: PAGE, after });
        if (isCancelled()) return;
        sessions.push(...page.entries);
        after = page.next;
        setState({ step: "reading", count: sessions.length });
      } while (after);
      const rows = sessions.map((session) => COLUMNS.map(({ valueOf }) => valueOf(session, words)));
      const head = COLUMNS.map(({ name }) => columns[name]);
      const today = new Date().toLocaleDateString("sv-SE");
      download(`${t.fileName}-${today}.csv`, toCsv([head, ...rows]));
      setState({ step: "done", count: sessions.length });
    } catch (error) {
      if (!isCancelled()) setState({ step: "failed", error });
    }
  };

  const kinds = { assigned: words.assigned, self_practice: words.selfPractice };
  const kind = shown.origin ? kinds[shown.origin] : all;
  const status = shown.status ? words[shown.status] : anyStatus;
  const isReading = state.step === "reading";
  return (
    <Dialog
      title={t.title}
      isOpen
      onClose={close}
      actions={
        state.step === "done" ? (
          <Button look="primary" onClick={close}>
            {words.close}
          </Button>
        ) : (
          <>
            <Button look="primary" icon="download" isBusy={isReading} onClick={() => void write()}>
              {t.start}
            </Button>
            <Button onClick={close}>{words.cancel}</Button>
          </>
        )
      }
    >
      <p>{t.about}</p>
      <p>{t.which(kind, status)}</p>
      {isReading && <p role="status">{t.reading(state.count)}</p>}
      {state.step === "done" && <Notice kind="good">{t.done(state.count)}</Notice>}
      {state.step === "failed" && <ErrorNotice error={state.error} />}
    </Dialog>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Later: a browser may begin to read the file after this call.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
