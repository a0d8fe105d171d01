import type { Assignment } from "practice-client";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";

interface Props {
  assignment: Assignment;
  onClose: () => void;
  onDone: (text: string) => void;
}

export default function WithdrawDialog({ assignment, onClose, onDone }: Props) {
  const t = useMessages(assign);
  const { cancel } = useMessages(common);
  const { driver } = useBackEnd();
  const { class_id, assignment_id, version, title } = assignment;
  const action = useAction(async () => {
    await driver.assignments.update({ class_id, assignment_id, version, archived: true });
    onDone(t.withdrawn(title));
  });
  return (
    <ActionDialog
      title={t.withdrawTitle(title)}
      action={action}
      button={{ look: "danger", text: t.withdraw }}
      cancel={cancel}
      onClose={onClose}
    >
      <p>{t.withdrawText}</p>
    </ActionDialog>
  );
}
