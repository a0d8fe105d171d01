import { useState } from "react";

import { useMessages } from "@/i18n";
import { answerExport } from "@/i18n/answer_export";
import { Button } from "@/ui/button";
import { later } from "@/ui/later";

import type { Shown } from "./shown";

const OwnAnswersDialog = later(() => import("./own_answers_dialog"));

export function ExportOwnAnswers(shown: Shown) {
  const t = useMessages(answerExport);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="download" onClick={() => setOpen(true)}>
        {t.export}
      </Button>
      {isOpen && <OwnAnswersDialog {...shown} onClose={() => setOpen(false)} />}
    </>
  );
}
