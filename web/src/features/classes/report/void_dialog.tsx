import type { Assignment } from "practice-client";
import { bounds } from "practice-client/bounds";
import { useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { assignmentReport } from "@/i18n/assignment_report";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { TextArea } from "@/ui/field";
import { RichText } from "@/ui/rich_text";
import { useToast } from "@/ui/toasts";

import type { QuestionReport } from "./analysis";

interface Props {
  assignment: Assignment;
  question: QuestionReport;
  onClose: () => void;
  onDone: () => void;
}

/** Takes a question out of the assignment, and shows how far the work is graded without it. */
export default function VoidDialog({ assignment, question, onClose, onDone }: Props) {
  const t = useMessages(assignmentReport);
  const { cancel } = useMessages(common);
  const { driver } = useBackEnd();
  const toast = useToast();
  const [note, setNote] = useState("");
  const [progress, setProgress] = useState<Assignment["regrading"]>(null);
  const { class_id, assignment_id } = assignment;
  const action = useAction(async () => {
    const command = { class_id, assignment_id, question_id: question.nodeId, note: note.trim() };
    await driver.assignments.voidItem(command, { onProgress: ({ regrading }) => setProgress(regrading) });
    toast(t.voided);
    onDone();
    onClose();
  });
  return (
    <ActionDialog
      title={t.voidTitle}
      action={action}
      button={{ look: "danger", text: t.voidIt }}
      cancel={cancel}
      onClose={onClose}
    >
      {question.prompt !== null && (
        <blockquote>
          <RichText isLine text={question.prompt} />
        </blockquote>
      )}
      <p>{t.voidText}</p>
      <TextArea
        label={t.voidNote}
        maxLength={bounds.VoidItem.note.maxLength}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      <p className="soft" role="status">
        {progress && action.isBusy ? t.regrading(progress.done, progress.sessions) : ""}
      </p>
    </ActionDialog>
  );
}
