import type { SchoolClass } from "practice-client";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { later } from "@/ui/later";
import { Page, Skeleton } from "@/ui/page";
import { useToast } from "@/ui/toasts";

import { Roster } from "./roster";

const MyAssignments = later(() => import("./my_assignments"));

export function AttendedClass({ of }: { of: SchoolClass }) {
  const t = useMessages(classes);
  const [isLeaving, setLeaving] = useState(false);
  return (
    <Page title={of.name} actions={<Button onClick={() => setLeaving(true)}>{t.leave}</Button>}>
      <div className="row">
        {of.subject && <span className="soft">{of.subject}</span>}
        <Badge icon="check">{of.archived_at ? t.archived : t.inClass}</Badge>
      </div>
      <MyAssignments classId={of.class_id} fallback={<Skeleton height={8} />} />
      {of.shows_roster && <Roster of={of} />}
      {isLeaving && <LeaveDialog of={of} onClose={() => setLeaving(false)} />}
    </Page>
  );
}

function LeaveDialog({ of, onClose }: { of: SchoolClass; onClose: () => void }) {
  const t = useMessages(classes);
  const { cancel } = useMessages(common);
  const { driver, uid } = useBackEnd();
  const navigate = useNavigate();
  const toast = useToast();
  const action = useAction(async () => {
    await driver.classes.removeMember({ class_id: of.class_id, student_id: uid });
    toast(t.left(of.name));
    void navigate("/classes", { replace: true });
  });
  return (
    <ActionDialog
      title={t.leaveTitle(of.name)}
      action={action}
      button={{ look: "danger", text: t.leave }}
      cancel={cancel}
      onClose={onClose}
    >
      <p>{t.leaveText}</p>
    </ActionDialog>
  );
}
