import type { Assignment, SchoolClass } from "practice-client";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";

import "./assign.css";
import { AssignmentFields } from "./fields";
import { DATES, enteredOf, fieldsOf, useAssignmentForm } from "./form";

interface Props {
  of: SchoolClass;
  assignment: Assignment;
  onClose: () => void;
  onDone: (text: string) => void;
}

/** Changes the title, the dates, the points and the students. */
export default function EditDialog({ of, assignment, onClose, onDone }: Props) {
  const t = useMessages(assign);
  const shared = useMessages(common);
  const { driver } = useBackEnd();
  const form = useAssignmentForm(of, assignment);
  const action = useAction(async () => {
    const { entered } = form;
    if (!form.check(entered.title.trim() ? {} : { title: shared.required })) return;
    const { class_id, assignment_id, version } = assignment;
    const fields = fieldsOf(entered, of);
    const before = enteredOf(assignment, of);
    // A field shows no seconds: what nobody touched stays as it is.
    for (const date of DATES) if (entered[date] === before[date]) fields[date] = assignment[date];
    const command = { class_id, assignment_id, version, title: entered.title.trim(), ...fields };
    try {
      await driver.assignments.update(command);
    } catch (error) {
      form.refuse(error);
      return;
    }
    onDone(t.saved);
  });
  return (
    <ActionDialog
      title={t.editTitle(assignment.title)}
      wide
      action={action}
      button={{ look: "primary", text: shared.save }}
      cancel={shared.cancel}
      onClose={onClose}
    >
      <AssignmentFields of={of} form={form} />
    </ActionDialog>
  );
}
