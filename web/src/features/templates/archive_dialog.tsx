import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { templates } from "@/i18n/templates";
import { ActionDialog } from "@/ui/action_dialog";
import { useToast } from "@/ui/toasts";

import { forgetDrafts } from "./builder/kept";

interface Props {
  templateId: string;
  name: string;
  onClose: () => void;
  onArchived: () => void;
}

export function ArchiveDialog({ templateId, name, onClose, onArchived }: Props) {
  const t = useMessages(templates);
  const shared = useMessages(common);
  const { driver, uid } = useBackEnd();
  const toast = useToast();
  const action = useAction(async () => {
    await driver.templates.archive(templateId);
    forgetDrafts(uid, templateId);
    toast(t.archived(name));
    onClose();
    onArchived();
  });
  return (
    <ActionDialog
      title={t.archiveTitle(name)}
      action={action}
      button={{ look: "danger", text: t.archive }}
      cancel={shared.cancel}
      onClose={onClose}
    >
      <p>{t.archiveText}</p>
    </ActionDialog>
  );
}
