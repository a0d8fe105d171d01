import { PracticeProblem, type Summary } from "practice-client";
import { bounds } from "practice-client/bounds";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useLocalState } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { practice as texts } from "@/i18n/practice";
import { ActionDialog } from "@/ui/action_dialog";
import { TextArea } from "@/ui/field";

import { notesSlot } from "./notes";

interface Props {
  templateId: string;
  sessionId: string;
  words: { title: string; text: string; button: string; goOn: string };
  complete: (fields: { notes?: string }) => Promise<Summary>;
  onClose: () => void;
  /** The session has ended, by this dialog or elsewhere. */
  onDone: () => void;
}

/** Ends the session with notes, which are kept until they are stored. */
export function FinishDialog({ templateId, sessionId, words, complete, onClose, onDone }: Props) {
  const t = useMessages(texts);
  const { driver } = useBackEnd();
  const [notes, setNotes] = useLocalState(notesSlot(templateId, sessionId), "");
  const action = useAction(async () => {
    try {
      await complete(notes.trim() ? { notes } : {});
      setNotes(undefined);
    } catch (failure) {
      if (!isEnded(failure)) throw failure;
      // By a request of this page without a reply, or elsewhere: without these notes.
      const { session_data } = await driver.sessions.read(sessionId);
      if (session_data.notes === notes) setNotes(undefined);
    }
    onDone();
  });
  return (
    <ActionDialog
      title={words.title}
      action={action}
      button={{ look: "primary", text: words.button }}
      cancel={words.goOn}
      onClose={onClose}
    >
      <p>{words.text}</p>
      <TextArea
        label={t.notes}
        hint={t.notesHint}
        maxLength={bounds.CompleteSession.notes.maxLength}
        value={notes}
        onChange={({ target }) => setNotes(target.value)}
      />
    </ActionDialog>
  );
}

interface DiscardProps {
  sessionId: string;
  discard: () => Promise<void>;
  onClose: () => void;
  onDiscarded: () => void;
  /** The session was finished elsewhere in the meantime. */
  onFinished: () => void;
}

export function DiscardDialog({ sessionId, discard, onClose, onDiscarded, onFinished }: DiscardProps) {
  const t = useMessages(texts);
  const { cancel } = useMessages(common);
  const { driver } = useBackEnd();
  const action = useAction(async () => {
    try {
      await discard();
      onDiscarded();
    } catch (failure) {
      if (!isEnded(failure)) throw failure;
      const { status } = await driver.sessions.read(sessionId);
      (status === "completed" ? onFinished : onDiscarded)();
    }
  });
  return (
    <ActionDialog
      title={t.discardTitle}
      action={action}
      button={{ look: "danger", icon: "trash", text: t.discard }}
      cancel={cancel}
      onClose={onClose}
    >
      <p>{t.discardText}</p>
    </ActionDialog>
  );
}

function isEnded(failure: unknown): boolean {
  return failure instanceof PracticeProblem && failure.reason === "SESSION_NOT_ACTIVE";
}
