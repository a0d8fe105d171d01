import { type ComponentType, useState } from "react";

import { useAction } from "@/data/action";
import { useMessages } from "@/i18n";
import { gradebook } from "@/i18n/gradebook";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";

import type { ExportProps } from "./export_dialog";
import type { Shown } from "./shown";

const load = () => import("./export_dialog");

/** The code of the export is loaded when it is wanted; without network that is said, and tried again. */
export function Export(shown: Shown) {
  const t = useMessages(gradebook);
  const [Dialog, setDialog] = useState<ComponentType<ExportProps> | null>(null);
  const { run, isBusy, error } = useAction(async () => {
    const { ExportDialog } = await load();
    setDialog(() => ExportDialog);
  });
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} />}
      <Button
        icon="download"
        // The press loads it again if this fails.
        onPointerEnter={() => void load().catch(() => undefined)}
        isBusy={isBusy}
        onClick={run}
      >
        {t.export}
      </Button>
      {Dialog && <Dialog {...shown} onClose={() => setDialog(null)} />}
    </>
  );
}
