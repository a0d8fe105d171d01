import { useState } from "react";

import { useMessages } from "@/i18n";
import { gradebook } from "@/i18n/gradebook";
import { Button } from "@/ui/button";
import { later } from "@/ui/later";

import type { Shown } from "./shown";

const OwnAnswersDialog = later(() => import("./own_answers_dialog"));

export function ExportOwnAnswers(shown: Shown) {
  const t = useMessages(gradebook);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="download" onClick={() => setOpen(true)}>
        {t.exportAnswers}
      </Button>
      {isOpen && <OwnAnswersDialog {...shown} onClose={() => setOpen(false)} />}
    </>
  );
}
