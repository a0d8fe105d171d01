import type { Assignment, Cell, LoggedItem, Row, SchoolClass, Session } from "practice-client";
import { useRef } from "react";

import { usePages } from "@/data/pages";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { classGradebook } from "@/i18n/class_gradebook";
import { Dialog } from "@/ui/dialog";
import { Figure, Figures } from "@/ui/figures";
import { LoggedEntry } from "@/ui/logged_entry";
import { More } from "@/ui/more";
import { Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { WorkBadge } from "@/ui/work_badge";

import { cellOf, nameOf } from "./cells";
import { Changes } from "./changes";
import { GradeForm } from "./grade_form";

interface Props {
  of: SchoolClass;
  row: Row;
  assignment: Assignment;
  at: Date;
  onClose: () => void;
  onChanged: (row: Row) => void;
  /** The grade was changed elsewhere. */
  onStale: () => void;
}

/** A student's work on an assignment, question by question, its grade, and what became of that. */
export default function CellDialog({ of, row, assignment, at, onClose, onChanged, onStale }: Props) {
  const t = useMessages(classGradebook);
  const { assignment_id } = assignment;
  const cell = row.cells[assignment_id];
  const save = (changed: Cell) => onChanged({ ...row, cells: { ...row.cells, [assignment_id]: changed } });
  return (
    <Dialog isOpen wide title={t.cellTitle(nameOf(row), assignment.title)} onClose={onClose}>
      <Standing of={of} row={row} assignment={assignment} at={at} />
      {of.archived_at === null && (
        <GradeForm
          key={`grade ${cell?.revision ?? 0}`}
          place={{ class_id: of.class_id, assignment_id, student_id: row.student_id }}
          cell={cell}
          onSaved={save}
          onStale={onStale}
        />
      )}
      <h3>{t.attempt}</h3>
      {cell?.session_id ? <Work sessionId={cell.session_id} /> : <p className="soft">{t.noWork}</p>}
      <h3>{t.log}</h3>
      <Changes
        key={`changes ${cell?.revision ?? 0}`}
        place={{ class_id: of.class_id, assignment_id, student_id: row.student_id }}
        revision={cell?.revision ?? 0}
      />
    </Dialog>
  );
}

function Standing({ of, row, assignment, at }: Pick<Props, "of" | "row" | "assignment" | "at">) {
  const t = useMessages(classGradebook);
  const format = useFormat();
  const cell = row.cells[assignment.assignment_id];
  const { status, value, isPercent, isOverridden } = cellOf(row, assignment, at);
  const grade = value === null ? "–" : isPercent ? format.percent(value) : format.number(value);
  const most = assignment.points === null ? "" : t.pointsOf(format.number(assignment.points));
  return (
    <>
      <div className="row">
        <WorkBadge status={status} />
        {cell?.submitted_at && (
          <span className="soft">
            {t.submittedAt} {format.dateTimeIn(of.timezone, cell.submitted_at)}
          </span>
        )}
      </div>
      <Figures>
        <Figure name={t.counts} about={isOverridden ? t.byTeacher : undefined}>
          {grade} {most}
        </Figure>
        <Figure name={t.computed}>
          {cell?.score_percent == null ? "–" : format.percent(cell.score_percent)}
        </Figure>
      </Figures>
    </>
  );
}

const PAGE = 30;

function Work({ sessionId }: { sessionId: string }) {
  const t = useMessages(classGradebook);
  const list = useRef<HTMLOListElement>(null);
  const session = useRead<Session>(["session", sessionId], ({ driver }) => driver.sessions.read(sessionId));
  const pages = usePages<LoggedItem>(["items", sessionId], {
    idOf: ({ item_id }) => item_id,
    read: ({ driver }, after) => driver.sessions.items(sessionId, { limit: PAGE, after }),
  });
  return (
    <Read read={session} skeleton={<Skeleton height={10} />}>
      {(found) => (
        <Read read={pages.first} skeleton={<Skeleton height={10} />}>
          {() => (
            <>
              {found.status === "active" && <p className="soft">{t.notCompleted}</p>}
              {pages.entries.length === 0 && <p className="soft">{t.noAnswers}</p>}
              <ol role="list" className="logged-entries" ref={list}>
                {pages.entries.map((item) => (
                  <LoggedEntry key={item.item_id} item={item} session={found} />
                ))}
              </ol>
              <More pages={pages} list={list} />
            </>
          )}
        </Read>
      )}
    </Read>
  );
}
