import type { Cursor, LoggedItem, PracticeSessionDriver, Session } from "practice-client";

import { useFileReading } from "@/data/answer_export";
import { useBackEnd } from "@/data/back_end";
import { readLogs } from "@/data/logs";
import { requireNetwork } from "@/data/network";
import { isDenied } from "@/data/watch";
import { useMessages } from "@/i18n";
import { answerExport } from "@/i18n/answer_export";
import { assignments as assignmentTexts } from "@/i18n/assignments";
import { common } from "@/i18n/common";
import { AnswerExportDialog } from "@/ui/answer_export_dialog";

import { type Graded, hasLog, ownRows } from "./own_answers";
import { type Shown, filterOf } from "./shown";

const PAGE = 200;
/** A person is in fifty classes at most. */
const CLASSES = 50;

interface Props extends Shown {
  onClose: () => void;
}

/** A file of one's own answers, in what one chose to practise and in work for classes. */
export default function OwnAnswersDialog({ onClose, ...shown }: Props) {
  const t = useMessages(answerExport);
  const { status } = useMessages(assignmentTexts);
  const words = useMessages(common);
  const { driver } = useBackEnd();
  const reading = useFileReading(t.fileName, async (signal, onProgress) => {
    const sessions = await sessionsOf(driver, shown, signal);
    const graded = await gradedOf(driver, sessions, signal);
    const ids = sessions.filter(hasLog).map(({ session_id }) => session_id);
    const onRead = (done: number) => onProgress({ done, all: ids.length });
    // The answers to some assignments are shown once they are due.
    const logs = await readLogs(driver, ids, { signal, onRead, isKept: isDenied });
    const byId = new Map(ids.map((id, index): [string, LoggedItem[]] => [id, logs[index] ?? []]));
    return ownRows(
      { sessions, logs: byId, graded },
      {
        ...t,
        exempt: status.exempt,
        origins: { assigned: words.assigned, self_practice: words.selfPractice },
        statuses: { active: words.active, completed: words.completed, abandoned: words.abandoned },
      },
    );
  });
  return (
    <AnswerExportDialog reading={reading} onClose={onClose}>
      <p className="soft">{t.ownAbout}</p>
    </AnswerExportDialog>
  );
}

async function sessionsOf(
  driver: PracticeSessionDriver,
  shown: Shown,
  signal: AbortSignal,
): Promise<Session[]> {
  const sessions: Session[] = [];
  let after: Cursor | null = null;
  do {
    requireNetwork();
    const page = await driver.sessions.list({ ...filterOf(shown), limit: PAGE, after });
    signal.throwIfAborted();
    sessions.push(...page.entries);
    after = page.next;
  } while (after);
  return sessions;
}

/** The grades of the classes whose assignments are among the sessions, by assignment_id. */
async function gradedOf(
  driver: PracticeSessionDriver,
  sessions: readonly Session[],
  signal: AbortSignal,
): Promise<Map<string, Graded>> {
  const worked = new Set(sessions.flatMap(({ class_id }) => class_id ?? []));
  if (worked.size === 0) return new Map();
  const memberships = await driver.classes.listMemberships({ limit: CLASSES });
  const classIds = memberships.entries.flatMap(({ class_id }) => (worked.has(class_id) ? [class_id] : []));
  const graded = new Map<string, Graded>();
  for (const classId of classIds) {
    requireNetwork();
    const [row, assignments] = await Promise.all([
      driver.assignments.readRow(classId),
      driver.assignments.listMine(classId),
    ]);
    signal.throwIfAborted();
    for (const assignment of assignments)
      graded.set(assignment.assignment_id, { assignment, cell: row.cells[assignment.assignment_id] });
  }
  return graded;
}
