import type { ReactNode } from "react";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Icon, type IconName } from "./icons";

interface Props {
  kind?: "assigned" | "self" | "good" | "warn" | "bad";
  icon?: IconName;
  children: ReactNode;
}

export function Badge({ kind, icon, children }: Props) {
  return (
    <span className={kind ? `badge badge-${kind}` : "badge"}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </span>
  );
}

/** Teacher-assigned work is blue, self-practice gold; icon and words say the same. */
export function OriginBadge({ origin }: { origin: "assigned" | "self_practice" }) {
  const t = useMessages(common);
  return origin === "assigned" ? (
    <Badge kind="assigned" icon="assigned">
      {t.assigned}
    </Badge>
  ) : (
    <Badge kind="self" icon="self">
      {t.selfPractice}
    </Badge>
  );
}

export function StatusBadge({ status }: { status: "active" | "completed" | "abandoned" }) {
  const t = useMessages(common);
  if (status === "completed")
    return (
      <Badge kind="good" icon="check">
        {t.completed}
      </Badge>
    );
  return status === "active" ? (
    <Badge icon="play">{t.active}</Badge>
  ) : (
    <Badge icon="cross">{t.abandoned}</Badge>
  );
}
