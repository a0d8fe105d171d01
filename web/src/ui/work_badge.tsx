import type { WorkStatus } from "practice-client";

import { useMessages } from "@/i18n";
import { assignments } from "@/i18n/assignments";

import { Badge } from "./badge";
import type { IconName } from "./icons";

const LOOKS: Record<WorkStatus, { kind?: "good" | "warn" | "bad"; icon?: IconName }> = {
  not_assigned: {},
  exempt: { icon: "flag" },
  submitted: { kind: "good", icon: "check" },
  late: { kind: "warn", icon: "clock" },
  missing: { kind: "bad", icon: "warning" },
  in_progress: { icon: "play" },
  not_started: {},
};

/** What the gradebook says of a student and an assignment: icon, words and colour say the same. */
export function WorkBadge({ status }: { status: WorkStatus }) {
  const t = useMessages(assignments);
  return <Badge {...LOOKS[status]}>{t.status[status]}</Badge>;
}
