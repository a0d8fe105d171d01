import type { Cell, Cursor, LoggedItem, PracticeSessionDriver, Row, Session } from "practice-client";
import { useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { requireNetwork } from "@/data/network";
import { useReading } from "@/data/reading";
import { useFormat, useMessages } from "@/i18n";
import { assignmentReport } from "@/i18n/assignment_report";
import { Button } from "@/ui/button";
import { describe } from "@/ui/logged_item";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { RichText } from "@/ui/rich_text";
import { Table } from "@/ui/table";

import { type QuestionReport, analyse } from "./analysis";

const PAGE = 200;
/** The work of so many students is read at once. */
const AT_ONCE = 6;

interface Props {
  rows: readonly Row[];
  assignmentId: string;
}

/** The analysis of the questions. It reads each answer, so it is made when it is asked for. */
export default function AnalysisSection({ rows, assignmentId }: Props) {
  const t = useMessages(assignmentReport);
  const format = useFormat();
  const { driver } = useBackEnd();
  const [done, setDone] = useState(0);
  const [reports, setReports] = useState<QuestionReport[] | null>(null);
  const cells = rows.flatMap((row) => {
    const cell = row.cells[assignmentId];
    return cell?.status === "submitted" && cell.total_questions > 0 ? [cell] : [];
  });
  const documents = cells.reduce((sum, { total_questions }) => sum + total_questions, 0);
  const { run, isBusy, error } = useReading(async (signal) => {
    setDone(0);
    const work: LoggedItem[][] = [];
    for (let begin = 0; begin < cells.length; begin += AT_ONCE) {
      requireNetwork();
      const part = cells.slice(begin, begin + AT_ONCE);
      work.push(...(await Promise.all(part.map((cell) => logOf(driver, cell)))));
      signal.throwIfAborted();
      setDone(work.length);
    }
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
      {reports && <Reports reports={reports} />}
    </Section>
  );
}

async function logOf(driver: PracticeSessionDriver, { session_id }: Cell): Promise<LoggedItem[]> {
  const items: LoggedItem[] = [];
  let after: Cursor | null = null;
  do {
    const page = await driver.sessions.items(session_id ?? "", { limit: PAGE, after });
    items.push(...page.entries);
    after = page.next;
  } while (after);
  return items;
}

/** What the tutor asks is in the log itself, so that no session is read for it. */
function textsOf(item: LoggedItem) {
  return describe(item, { session_data: {} } as Session);
}

function Reports({ reports }: { reports: readonly QuestionReport[] }) {
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
        ]}
      />
    </>
  );
}
