import { PracticeProblem, type Summary } from "practice-client";
import { useAction } from "@/data/action";
import { useLocalState } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { practice as texts } from "@/i18n/practice";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { TextArea } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";

const MOST_NOTES = 10_000;

interface Props {
  sessionId: string;
  complete: (fields: { notes?: string }) => Promise<Summary>;
  onClose: () => void;
  /** The session is finished, by this dialog or, where no summary is known, elsewhere. */
  onDone: (summary?: Summary) => void;
}

/** Ends the session with notes, which survive a reload until then. */
export function FinishDialog({ sessionId, complete, onClose, onDone }: Props) {
  const t = useMessages(texts);
  const [notes, setNotes] = useLocalState(`practice.notes.${sessionId}`, "");
  const { run, isBusy, error } = useEnding(async () => {
    const summary = await complete(notes.trim() ? { notes } : {});
    setNotes(undefined);
    onDone(summary);
  }, onDone);
  return (
    <Dialog
      title={t.finish}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button look="primary" onClick={run} isBusy={isBusy}>
            {t.finishNow}
          </Button>
          <Button onClick={onClose}>{t.goOnPractising}</Button>
        </>
      }
    >
      <p>{t.finishText}</p>
      <TextArea
        label={t.notes}
        hint={t.notesHint}
        maxLength={MOST_NOTES}
        value={notes}
        onChange={({ target }) => setNotes(target.value)}
      />
      {error !== undefined && <ErrorNotice error={error} retry={run} isRetrying={isBusy} />}
    </Dialog>
  );
}

interface DiscardProps {
  discard: () => Promise<void>;
  onClose: () => void;
  onDone: () => void;
}

export function DiscardDialog({ discard, onClose, onDone }: DiscardProps) {
  const t = useMessages(texts);
  const { cancel } = useMessages(common);
  const { run, isBusy, error } = useEnding(async () => {
    await discard();
    onDone();
  }, onDone);
  return (
    <Dialog
      title={t.discardTitle}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button look="danger" icon="trash" onClick={run} isBusy={isBusy}>
            {t.discard}
          </Button>
          <Button onClick={onClose}>{cancel}</Button>
        </>
      }
    >
      <p>{t.discardText}</p>
      {error !== undefined && <ErrorNotice error={error} retry={run} isRetrying={isBusy} />}
    </Dialog>
  );
}

/** Ends a session. One that has ended before, by a request without a reply or elsewhere, is ended too. */
function useEnding(end: () => Promise<void>, onEndedBefore: () => void) {
  return useAction(async () => {
    try {
      await end();
    } catch (failure) {
      const isOver = failure instanceof PracticeProblem && failure.reason === "SESSION_NOT_ACTIVE";
      if (!isOver) throw failure;
      onEndedBefore();
    }
  });
}
