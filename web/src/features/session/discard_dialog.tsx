import { useAction } from "@/data/action";
import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { ErrorNotice } from "@/ui/notice";

import type { SessionWork } from "./work";

export function DiscardDialog({ work, onClose }: { work: SessionWork; onClose: () => void }) {
  const t = useMessages(texts);
  const { run, isBusy, error } = useAction(() => work.discard());
  return (
    <Dialog
      isOpen
      title={t.discard}
      onClose={onClose}
      actions={
        <>
          <Button look="danger" icon="trash" isBusy={isBusy} onClick={run}>
            {t.discard}
          </Button>
          <Button onClick={onClose}>{t.keep}</Button>
        </>
      }
    >
      <p>{t.discardText}</p>
      {error !== undefined && <ErrorNotice error={error} />}
    </Dialog>
  );
}
