import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Icon } from "@/ui/icons";

import type { Saving } from "./work";

/** Whether everything is stored, in words. */
export function Saved({ saving, isStuck }: { saving: Saving; isStuck: boolean }) {
  const t = useMessages(texts);
  return (
    <span className="row small session-saved" role="status">
      <Icon name={saving === "saved" ? "check" : saving === "saving" ? "refresh" : "warning"} size={16} />
      {isStuck ? t.saving.stuck : t.saving[saving]}
    </span>
  );
}
