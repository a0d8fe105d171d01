import type { Assignment, Row, SchoolClass, WorkStatus } from "practice-client";
import { useState } from "react";
import { useParams } from "react-router";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { assignmentReport } from "@/i18n/assignment_report";
import { assignments as assignmentTexts } from "@/i18n/assignments";
import { Button, ButtonLink } from "@/ui/button";
import { Figure, Figures } from "@/ui/figures";
import { later } from "@/ui/later";
import { EmptyState, ErrorNotice, Notice } from "@/ui/notice";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Table } from "@/ui/table";
import { WorkBadge } from "@/ui/work_badge";

import { StateBadge } from "../assign/assignments";
import { stateOf } from "../assign/state";
import { ExportAnswers } from "../export/export_answers";
import { cellOf, nameOf } from "../gradebook/cells";

const Analysis = later(() => import("./analysis_section"));

/** The most students that a class has. */
const ALL = 500;
const STATES = ["submitted", "late", "in_progress", "not_started", "missing", "exempt"] as const;

interface Found {
  of: SchoolClass;
  assignment: Assignment;
  /** Of those that it is for. */
  rows: Row[];
}

/** One assignment for a teacher: who has done what, and what the answers say of its questions. */
export default function AssignmentReportPage() {
  const { id = "", assignmentId = "" } = useParams();
  const t = useMessages(assignmentReport);
  const [at] = useState(() => new Date());
  const read = useRead<Found>(["report of an assignment", id, assignmentId], async ({ driver }) => {
    const [of, assignment, rows] = await Promise.all([
      driver.classes.read(id),
      driver.assignments.read(id, assignmentId),
      driver.assignments.listRows(id, { limit: ALL }),
    ]);
    const isMeant = (row: Row) => cellOf(row, assignment, at).status !== "not_assigned";
    return { of, assignment, rows: rows.entries.filter(isMeant) };
  });
  return (
    <Page
      title={read.data?.assignment.title ?? t.usual}
      actions={
        <>
          <ButtonLink icon="gradebook" to={`/classes/${id}/gradebook`}>
            {t.toGradebook}
          </ButtonLink>
          <ButtonLink to={`/classes/${id}`}>{t.toClass}</ButtonLink>
        </>
      }
    >
      <Read read={read} skeleton={<Skeleton height={12} count={2} />}>
        {(found) => (
          <>
            <Standing found={found} at={at} />
            {found.assignment.mode !== "checklist" && (
              <>
                <Regrading assignment={found.assignment} onProgress={() => void read.mutate()} />
                <Analysis
                  rows={found.rows}
                  assignment={found.assignment}
                  isFixed={found.of.archived_at !== null}
                  onVoided={() => void read.mutate()}
                  fallback={<Skeleton height={8} />}
                />
              </>
            )}
          </>
        )}
      </Read>
    </Page>
  );
}

/** What is left of taking a question out, after it was interrupted. */
function Regrading({ assignment, onProgress }: { assignment: Assignment; onProgress: () => void }) {
  const t = useMessages(assignmentReport);
  const { driver } = useBackEnd();
  const { class_id, assignment_id, regrading, voided } = assignment;
  const { run, isBusy, error } = useAction(async () => {
    const command = { class_id, assignment_id, question_id: voided.at(-1) ?? "" };
    await driver.assignments.voidItem(command, { onProgress });
  });
  if (!regrading) return null;
  const { done, sessions, skills_left, finished_at } = regrading;
  return (
    <>
      {finished_at === null && (
        <Notice
          actions={
            <Button isBusy={isBusy} onClick={run}>
              {t.goOn}
            </Button>
          }
        >
          {t.unfinished(done, sessions)}
        </Notice>
      )}
      {skills_left > 0 && <p className="soft">{t.skillsLeft(skills_left)}</p>}
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  );
}

function Standing({ found: { of, assignment, rows }, at }: { found: Found; at: Date }) {
  const t = useMessages(assignmentReport);
  const words = useMessages(assignmentTexts);
  const format = useFormat();
  const { due_at, points } = assignment;
  const counts = new Map<WorkStatus, number>();
  for (const row of rows) {
    const { status } = cellOf(row, assignment, at);
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  const about = [
    due_at === null ? words.noDueDate : words.due(format.dateTimeIn(of.timezone, due_at)),
    points === null ? null : words.points(format.number(points)),
  ];
  return (
    <>
      <div className="row">
        <StateBadge state={stateOf(assignment, at)} />
        <span className="soft">{[of.name, ...about].filter(Boolean).join(" · ")}</span>
      </div>
      <Section title={t.standing}>
        <Figures>
          {STATES.map((status) => (
            <Figure key={status} name={words.status[status]}>
              {format.number(counts.get(status) ?? 0)}
            </Figure>
          ))}
        </Figures>
      </Section>
      <Section title={t.students} actions={<ExportAnswers of={of} rows={rows} assignments={[assignment]} />}>
        {rows.length === 0 ? (
          <EmptyState>{t.noStudents}</EmptyState>
        ) : (
          <Students of={of} assignment={assignment} rows={rows} at={at} />
        )}
      </Section>
    </>
  );
}

function Students({ of, assignment, rows, at }: Found & { at: Date }) {
  const t = useMessages(assignmentReport);
  const words = useMessages(assignmentTexts);
  const format = useFormat();
  return (
    <Table
      rows={rows}
      keyOf={({ student_id }) => student_id}
      columns={[
        { heading: t.student, cell: nameOf },
        { heading: t.state, cell: (row) => <WorkBadge status={cellOf(row, assignment, at).status} /> },
        {
          heading: t.grade,
          isNumber: true,
          cell: (row) => {
            const { value, isPercent, status } = cellOf(row, assignment, at);
            if (value === null || status === "exempt") return null;
            if (isPercent) return format.percent(value);
            return words.pointsOf(format.number(value), format.number(assignment.points ?? 0));
          },
        },
        {
          heading: t.submittedAt,
          cell: (row) => {
            const at = row.cells[assignment.assignment_id]?.submitted_at;
            return at ? format.dateTimeIn(of.timezone, at) : null;
          },
        },
      ]}
    />
  );
}
