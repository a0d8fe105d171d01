import type { Blocker } from "react-router";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** Before the page is left with changes that are not saved. They are kept in this browser. */
export function LeaveDialog({ blocker }: { blocker: Blocker }) {
  const t = useMessages(templateBuilder).leave;
  return (
    <Dialog
      title={t.title}
      isOpen={blocker.state === "blocked"}
      onClose={() => blocker.reset?.()}
      actions={
        <>
          <Button look="primary" onClick={() => blocker.reset?.()}>
            {t.stay}
          </Button>
          <Button onClick={() => blocker.proceed?.()}>{t.leave}</Button>
        </>
      }
    >
      <p>{t.text}</p>
    </Dialog>
  );
}
