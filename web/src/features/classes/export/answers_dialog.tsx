import type { Assignment, Cursor, PracticeSessionDriver, Row, SchoolClass, Session } from "practice-client";

import { useFileReading } from "@/data/answer_export";
import { useBackEnd } from "@/data/back_end";
import { readLogs } from "@/data/logs";
import { requireNetwork } from "@/data/network";
import { useFormat, useMessages } from "@/i18n";
import { answerExport } from "@/i18n/answer_export";
import { assignments as assignmentTexts } from "@/i18n/assignments";
import { AnswerExportDialog } from "@/ui/answer_export_dialog";

import { longRows } from "./answers";

const PAGE = 200;

interface Props {
  of: SchoolClass;
  /** In the order of the screen. */
  rows: readonly Row[];
  assignments: readonly Assignment[];
  onClose: () => void;
}

/** A file of the answers of these students to these assignments: a line for each. */
export default function AnswersDialog({ of, rows, assignments, onClose }: Props) {
  const t = useMessages(answerExport);
  const { status } = useMessages(assignmentTexts);
  const format = useFormat();
  const { driver } = useBackEnd();
  const begun = begunCells(rows, assignments);
  const ids = new Set(begun.map(({ session_id }) => session_id));
  const documents = begun.reduce((sum, { total_questions }) => sum + 1 + total_questions, 0);
  const worked = assignments.filter(({ assignment_id }) => rows.some((row) => row.cells[assignment_id]));
  const reading = useFileReading(`${t.fileName}-${of.class_id}`, async (signal, onProgress) => {
    const sessions: Session[] = [];
    for (const assignment of worked) {
      const listed = await sessionsOf(driver, assignment, signal);
      sessions.push(...listed.filter(({ session_id }) => ids.has(session_id)));
    }
    const all = sessions.length;
    const found = sessions.map(({ session_id }) => session_id);
    const logs = await readLogs(driver, found, { signal, onRead: (done) => onProgress({ done, all }) });
    const work = new Map(
      sessions.map((session, index) => [session.session_id, { session, log: logs[index] ?? [] }]),
    );
    const words = { ...t, exempt: status.exempt };
    return longRows({ rows, assignments, work, timezone: of.timezone }, words);
  });
  return (
    <AnswerExportDialog reading={reading} onClose={onClose}>
      <p className="soft">{t.reads(format.number(documents))}</p>
    </AnswerExportDialog>
  );
}

function begunCells(rows: readonly Row[], assignments: readonly Assignment[]) {
  return rows.flatMap((row) =>
    assignments.flatMap(({ assignment_id }) => {
      const cell = row.cells[assignment_id];
      return cell?.session_id ? [cell] : [];
    }),
  );
}

async function sessionsOf(
  driver: PracticeSessionDriver,
  { class_id, assignment_id }: Assignment,
  signal: AbortSignal,
): Promise<Session[]> {
  const sessions: Session[] = [];
  let after: Cursor | null = null;
  do {
    requireNetwork();
    const page = await driver.assignments.listSessions({ class_id, assignment_id }, { limit: PAGE, after });
    signal.throwIfAborted();
    sessions.push(...page.entries);
    after = page.next;
  } while (after);
  return sessions;
}
