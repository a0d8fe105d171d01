import type { Assignment, Row, SchoolClass } from "practice-client";
import { useState } from "react";
import { useParams } from "react-router";

import { download, toCsv } from "@/data/csv";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { assignments as assignmentTexts } from "@/i18n/assignments";
import { classGradebook } from "@/i18n/class_gradebook";
import { Button, ButtonLink } from "@/ui/button";
import { Select, TextField } from "@/ui/field";
import { later } from "@/ui/later";
import { EmptyState } from "@/ui/notice";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { ExportAnswers } from "../export/export_answers";
import { BY_NAME, type Filter, type Sort, shownRows, wideRows } from "./cells";
import { Grid } from "./grid";
import "./gradebook.css";

const CellDialog = later(() => import("./cell_dialog"));

/** The most students that a class has. */
const ALL = 500;
const STATES = ["missing", "late", "submitted", "in_progress", "not_started", "exempt"] as const;

export interface Book {
  of: SchoolClass;
  /** The oldest first. */
  assignments: Assignment[];
  rows: Row[];
}

/** Students and assignments of a class: one read for each student and each assignment. */
export default function ClassGradebookPage() {
  const { id = "" } = useParams();
  return <ClassGradebook key={id} id={id} />;
}

function ClassGradebook({ id }: { id: string }) {
  const t = useMessages(classGradebook);
  const read = useRead<Book>(["gradebook of a class", id], async ({ driver }) => {
    const [of, listed, rows] = await Promise.all([
      driver.classes.read(id),
      driver.assignments.list(id),
      driver.assignments.listRows(id, { limit: ALL }),
    ]);
    const assignments = listed.filter(({ archived_at }) => archived_at === null).reverse();
    return { of, assignments, rows: rows.entries };
  });
  const changed = (row: Row) =>
    void read.mutate(
      (book) =>
        book && {
          ...book,
          rows: book.rows.map((one) => (one.student_id === row.student_id ? row : one)),
        },
      { revalidate: false },
    );
  return (
    <Page
      title={read.data ? t.title(read.data.of.name) : t.usual}
      actions={<ButtonLink to={`/classes/${id}`}>{t.toClass}</ButtonLink>}
    >
      <Read read={read} skeleton={<Skeleton height={20} />}>
        {(book) => <Opened book={book} onChanged={changed} onStale={() => void read.mutate()} />}
      </Read>
    </Page>
  );
}

interface OpenedProps {
  book: Book;
  onChanged: (row: Row) => void;
  onStale: () => void;
}

function Opened({ book, onChanged, onStale }: OpenedProps) {
  const t = useMessages(classGradebook);
  const format = useFormat();
  const [at] = useState(() => new Date());
  const [filter, setFilter] = useState<Filter>({ words: "", status: null, assignmentId: null });
  const [sort, setSort] = useState<Sort>(BY_NAME);
  const [opened, setOpened] = useState<{ studentId: string; assignmentId: string } | null>(null);
  const { assignments } = book;
  if (book.rows.length === 0) return <EmptyState>{t.noStudents}</EmptyState>;
  const rows = shownRows(book.rows, assignments, { filter, sort, at });
  const row = book.rows.find(({ student_id }) => student_id === opened?.studentId);
  const assignment = assignments.find(({ assignment_id }) => assignment_id === opened?.assignmentId);
  return (
    <>
      <div className="class-gradebook-filter">
        <Filters filter={filter} assignments={assignments} onChange={setFilter} />
        <div className="row">
          <Export book={{ ...book, rows }} at={at} />
          <ExportAnswers of={book.of} rows={rows} assignments={assignments} />
        </div>
      </div>
      <p className="soft small" role="status">
        {t.shown(rows.length, format.number(book.rows.length))}
      </p>
      {assignments.length === 0 && <EmptyState>{t.noAssignments}</EmptyState>}
      {rows.length === 0 ? (
        <EmptyState>{t.noneFound}</EmptyState>
      ) : (
        <Grid
          rows={rows}
          assignments={assignments}
          at={at}
          sort={sort}
          onSort={setSort}
          onOpen={(of, one) => setOpened({ studentId: of.student_id, assignmentId: one.assignment_id })}
        />
      )}
      {row && assignment && (
        <CellDialog
          of={book.of}
          row={row}
          assignment={assignment}
          at={at}
          onClose={() => setOpened(null)}
          onChanged={onChanged}
          onStale={onStale}
        />
      )}
    </>
  );
}

interface FiltersProps {
  filter: Filter;
  assignments: readonly Assignment[];
  onChange: (filter: Filter) => void;
}

function Filters({ filter, assignments, onChange }: FiltersProps) {
  const t = useMessages(classGradebook);
  const { status } = useMessages(assignmentTexts);
  return (
    <>
      <TextField
        label={t.search}
        type="search"
        autoComplete="off"
        value={filter.words}
        onChange={({ target }) => onChange({ ...filter, words: target.value })}
      />
      <Select
        label={t.state}
        value={filter.status ?? ""}
        onChange={({ target }) =>
          onChange({ ...filter, status: STATES.find((one) => one === target.value) ?? null })
        }
      >
        <option value="">{t.anyState}</option>
        {STATES.map((one) => (
          <option key={one} value={one}>
            {status[one]}
          </option>
        ))}
      </Select>
      {filter.status !== null && (
        <Select
          label={t.of}
          value={filter.assignmentId ?? ""}
          onChange={({ target }) => onChange({ ...filter, assignmentId: target.value || null })}
        >
          <option value="">{t.anyAssignment}</option>
          {assignments.map(({ assignment_id, title }) => (
            <option key={assignment_id} value={assignment_id}>
              {title}
            </option>
          ))}
        </Select>
      )}
    </>
  );
}

/** Saves what is shown, in its order. */
function Export({ book: { of, rows, assignments }, at }: { book: Book; at: Date }) {
  const t = useMessages(classGradebook);
  const { status } = useMessages(assignmentTexts);
  const save = () => {
    const words = {
      student: t.student,
      identifier: t.identifier,
      most: t.most,
      stateOf: t.stateOf,
      status,
      sessions: t.fileSessions,
      minutes: t.fileMinutes,
    };
    const today = at.toLocaleDateString("sv-SE");
    download(`${t.fileName}-${of.class_id}-${today}.csv`, toCsv(wideRows(rows, assignments, words, at)));
  };
  return (
    <Button icon="download" onClick={save}>
      {t.export}
    </Button>
  );
}
