import { useState } from "react";

import { useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { Button } from "@/ui/button";
import { later } from "@/ui/later";

const ReportDialog = later(() => import("./report_dialog"));

/** The button beside the feedback by which a student says that the question is wrong. */
export function Report({ sessionId, questionId }: { sessionId: string; questionId: string }) {
  const t = useMessages(texts);
  const [state, setState] = useState<"asking" | "reported">();
  if (state === "reported") return <p className="soft small">{t.reported}</p>;
  return (
    <div className="report-question">
      <Button look="quiet" small icon="flag" onClick={() => setState("asking")}>
        {t.report}
      </Button>
      {state === "asking" && (
        <ReportDialog
          sessionId={sessionId}
          questionId={questionId}
          onClose={() => setState(undefined)}
          onReported={() => setState("reported")}
        />
      )}
    </div>
  );
}
