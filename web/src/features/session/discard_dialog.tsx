import { useAction } from "@/data/action";
import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { ActionDialog } from "@/ui/action_dialog";

import type { SessionWork } from "./work";

export function DiscardDialog({ work, onClose }: { work: SessionWork; onClose: () => void }) {
  const t = useMessages(texts);
  const action = useAction(() => work.discard());
  return (
    <ActionDialog
      title={t.discard}
      action={action}
      button={{ look: "danger", icon: "trash", text: t.discard }}
      cancel={t.keep}
      onClose={onClose}
    >
      <p>{t.discardText}</p>
    </ActionDialog>
  );
}
