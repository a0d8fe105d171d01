import type { ReactNode } from "react";

import { useMessages } from "@/i18n";
import { answerExport } from "@/i18n/answer_export";
import { common } from "@/i18n/common";

import { Button } from "./button";
import { Dialog } from "./dialog";
import { ErrorNotice, Notice } from "./notice";
import { Progress } from "./page";

interface Props {
  /** What useFileReading returned. */
  reading: {
    progress: { done: number; all: number } | null;
    count: number | null;
    run: () => void;
    isBusy: boolean;
    error: unknown;
  };
  onClose: () => void;
  children: ReactNode;
}

/** Saves a file of answers: it shows how far the reading is, and closing it cancels. */
export function AnswerExportDialog({ reading, onClose, children }: Props) {
  const { progress, count, run, isBusy, error } = reading;
  const t = useMessages(answerExport);
  const words = useMessages(common);
  return (
    <Dialog
      title={t.title}
      isOpen
      onClose={onClose}
      actions={
        count !== null ? (
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
      {children}
      {isBusy && (
        <>
          {progress && <Progress value={progress.done / Math.max(progress.all, 1)} label={t.title} />}
          <p role="status">{progress ? t.reading(progress.done, progress.all) : t.finding}</p>
        </>
      )}
      {count !== null && <Notice kind={count ? "good" : "info"}>{count ? t.done(count) : t.nothing}</Notice>}
      {error !== undefined && <ErrorNotice error={error} />}
    </Dialog>
  );
}
