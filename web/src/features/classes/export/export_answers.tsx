import type { Assignment, Row, SchoolClass } from "practice-client";
import { useState } from "react";

import { useMessages } from "@/i18n";
import { answerExport } from "@/i18n/answer_export";
import { Button } from "@/ui/button";
import { later } from "@/ui/later";

const AnswersDialog = later(() => import("./answers_dialog"));

interface Props {
  of: SchoolClass;
  rows: readonly Row[];
  assignments: readonly Assignment[];
}

export function ExportAnswers(shown: Props) {
  const t = useMessages(answerExport);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="download" onClick={() => setOpen(true)}>
        {t.export}
      </Button>
      {isOpen && <AnswersDialog {...shown} onClose={() => setOpen(false)} />}
    </>
  );
}
