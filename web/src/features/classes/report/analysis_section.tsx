import type { Assignment, LoggedItem, Row, Session } from "practice-client";
import { useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { readLogs } from "@/data/logs";
import { useReading } from "@/data/reading";
import { useFormat, useMessages } from "@/i18n";
import { assignmentReport } from "@/i18n/assignment_report";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { describe } from "@/ui/logged_item";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { later } from "@/ui/later";
import { RichText } from "@/ui/rich_text";
import { Table } from "@/ui/table";

import { type QuestionReport, analyse } from "./analysis";

const VoidDialog = later(() => import("./void_dialog"));

interface Props {
  rows: readonly Row[];
  assignment: Assignment;
  /** None can be taken out of it, in an archived class. */
  isFixed: boolean;
  onVoided: () => void;
}

/** The analysis of the questions. It reads each answer, so it is made when it is asked for. */
export default function AnalysisSection({ rows, assignment, isFixed, onVoided }: Props) {
  const t = useMessages(assignmentReport);
  const format = useFormat();
  const { driver } = useBackEnd();
  const [done, setDone] = useState(0);
  const [reports, setReports] = useState<QuestionReport[] | null>(null);
  const [chosen, setChosen] = useState<QuestionReport | null>(null);
  const cells = rows.flatMap((row) => {
    const cell = row.cells[assignment.assignment_id];
    return cell?.status === "submitted" && cell.total_questions > 0 ? [cell] : [];
  });
  const documents = cells.reduce((sum, { total_questions }) => sum + total_questions, 0);
  const { run, isBusy, error } = useReading(async (signal) => {
    setDone(0);
    const ids = cells.map(({ session_id }) => session_id ?? "");
    const work = await readLogs(driver, ids, { signal, onRead: setDone });
    setReports(analyse(work, textsOf));
  });
  return (
    <Section title={t.analysis}>
      <p className="soft">{t.analysisText}</p>
      {cells.length === 0 ? (
        <p className="soft">{t.nothing}</p>
      ) : (
        <div className="row">
          <Button icon="eye" isBusy={isBusy} onClick={run}>
            {t.analyse}
          </Button>
          <span className="soft" role="status">
            {isBusy ? t.reading(done, cells.length) : t.reads(format.number(documents))}
          </span>
        </div>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
      {reports && <Reports reports={reports} assignment={assignment} onVoid={isFixed ? null : setChosen} />}
      {chosen && (
        <VoidDialog
          assignment={assignment}
          question={chosen}
          onClose={() => setChosen(null)}
          onDone={onVoided}
        />
      )}
    </Section>
  );
}

/** What the tutor asks is in the log itself, so that no session is read for it. */
function textsOf(item: LoggedItem) {
  return describe(item, { session_data: {} } as Session);
}

interface ReportsProps {
  reports: readonly QuestionReport[];
  assignment: Assignment;
  onVoid: ((question: QuestionReport) => void) | null;
}

function Reports({ reports, assignment, onVoid }: ReportsProps) {
  const t = useMessages(assignmentReport);
  const format = useFormat();
  return (
    <>
      <p className="soft small">{t.discriminationText}</p>
      <Table
        rows={reports}
        keyOf={({ nodeId }) => nodeId}
        columns={[
          {
            heading: t.question,
            cell: ({ prompt }) => (prompt === null ? t.notKept : <RichText isLine text={prompt} />),
          },
          { heading: t.answered, isNumber: true, cell: ({ students }) => format.number(students) },
          {
            heading: t.right,
            isNumber: true,
            cell: ({ rightShare }) => format.percent(Math.round(rightShare * 100)),
          },
          {
            heading: t.wrong,
            cell: ({ wrong }) =>
              wrong.length ? wrong.map(({ text, count }) => t.times(text, count)).join(", ") : null,
          },
          {
            heading: t.discrimination,
            isNumber: true,
            cell: ({ discrimination }) =>
              discrimination === null ? null : format.number(discrimination, { maximumFractionDigits: 2 }),
          },
          {
            heading: t.time,
            isNumber: true,
            cell: ({ medianSeconds }) => (medianSeconds === null ? null : format.duration(medianSeconds)),
          },
          {
            heading: t.counts,
            cell: (question) => {
              if (assignment.voided.includes(question.nodeId)) return <Badge>{t.isVoided}</Badge>;
              return onVoid && <Button onClick={() => onVoid(question)}>{t.voidIt}</Button>;
            },
          },
        ]}
      />
    </>
  );
}
