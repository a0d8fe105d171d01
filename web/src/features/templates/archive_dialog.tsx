import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { templates } from "@/i18n/templates";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice } from "@/ui/notice";
import { useToast } from "@/ui/toasts";

import { forgetDrafts } from "./builder/kept";

interface Props {
  templateId: string;
  name: string;
  isOpen: boolean;
  onClose: () => void;
  onArchived: () => void;
}

export function ArchiveDialog({ templateId, name, isOpen, onClose, onArchived }: Props) {
  const t = useMessages(templates);
  const shared = useMessages(common);
  const { driver, uid } = useBackEnd();
  const toast = useToast();
  const { run, isBusy, error } = useAction(async () => {
    await driver.templates.archive(templateId);
    forgetDrafts(uid, templateId);
    toast(t.archived(name));
    onClose();
    onArchived();
  });
  return (
    <Dialog
      title={t.archiveTitle(name)}
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button look="danger" isBusy={isBusy} onClick={run}>
            {t.archive}
          </Button>
          <Button onClick={onClose}>{shared.cancel}</Button>
        </>
      }
    >
      <p>{t.archiveText}</p>
      {error !== undefined && <ErrorNotice error={error} />}
    </Dialog>
  );
}
