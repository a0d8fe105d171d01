import { bounds } from "practice-client/bounds";
import { useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { report as texts } from "@/i18n/report";
import { ActionDialog } from "@/ui/action_dialog";
import { TextArea } from "@/ui/field";
import { useToast } from "@/ui/toasts";

interface Props {
  sessionId: string;
  questionId: string;
  onClose: () => void;
  onReported: () => void;
}

/** Asks for a note, which may be left out, and reports the question. */
export default function ReportDialog({ sessionId, questionId, onClose, onReported }: Props) {
  const t = useMessages(texts);
  const { cancel } = useMessages(common);
  const { driver } = useBackEnd();
  const toast = useToast();
  const [note, setNote] = useState("");
  const action = useAction(async () => {
    const noted = note.trim() ? { note } : {};
    await driver.reportQuestion({ session_id: sessionId, question_id: questionId, ...noted });
    toast(t.sent);
    onReported();
  });
  return (
    <ActionDialog
      title={t.title}
      action={action}
      button={{ look: "primary", text: t.send }}
      cancel={cancel}
      onClose={onClose}
    >
      <p>{t.text}</p>
      <TextArea
        label={t.note}
        hint={t.noteHint}
        maxLength={bounds.ReportQuestion.note.maxLength}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
    </ActionDialog>
  );
}
