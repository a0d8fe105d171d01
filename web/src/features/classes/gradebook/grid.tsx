import { useVirtualizer } from "@tanstack/react-virtual";
import type { Assignment, Row, WorkStatus } from "practice-client";
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";

import { useFormat, useMessages } from "@/i18n";
import { assignments as assignmentTexts } from "@/i18n/assignments";
import { classGradebook } from "@/i18n/class_gradebook";
import { Icon, type IconName } from "@/ui/icons";
import { TableFrame } from "@/ui/table";

import { type ShownCell, type Sort, cellOf, nameOf } from "./cells";

/** Of a row, in CSS too. */
const ROW_PX = 48;
/** Rows beyond the visible ones, so that scrolling shows no gap. */
const BEYOND = 4;

interface Props {
  rows: readonly Row[];
  assignments: readonly Assignment[];
  at: Date;
  sort: Sort;
  onSort: (sort: Sort) => void;
  onOpen: (row: Row, assignment: Assignment) => void;
}

interface Place {
  row: number;
  column: number;
}

/** Only the rows that are in view are in the document; one cell takes the focus, and arrow keys move it. */
export function Grid({ rows, assignments, at, sort, onSort, onOpen }: Props) {
  const t = useMessages(classGradebook);
  const frame = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const hasMoved = useRef(false);
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler is not used
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
  });
  const shown = virtual.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0);
  const columns = assignments.length + 3;
  useEffect(() => {
    if (!hasMoved.current) return;
    const cell = frame.current?.querySelector<HTMLElement>(`[data-place="${active.row}.${active.column}"]`);
    if (cell) {
      hasMoved.current = false;
      cell.focus({ preventScroll: false });
    }
  });
  const move = (event: KeyboardEvent) => {
    const to = target(event, active, { row: rows.length - 1, column: assignments.length - 1 });
    if (!to) return;
    event.preventDefault();
    hasMoved.current = true;
    setActive(to);
    virtual.scrollToIndex(to.row);
  };
  return (
    <>
      <p className="soft small class-gradebook-keys">{t.keys}</p>
      <TableFrame ref={frame} className="class-gradebook" label={t.grid}>
        <table className="table" aria-rowcount={rows.length + 1} aria-colcount={columns} onKeyDown={move}>
          <Head assignments={assignments} sort={sort} onSort={onSort} />
          <tbody>
            {before > 0 && <Gap height={before} columns={columns} />}
            {shown.map(({ index, key }) => (
              <StudentRow
                key={key}
                row={rows[index]!}
                index={index}
                assignments={assignments}
                at={at}
                active={active.row === index ? active.column : null}
                onOpen={onOpen}
                onFocus={setActive}
              />
            ))}
            {after > 0 && <Gap height={after} columns={columns} />}
          </tbody>
        </table>
      </TableFrame>
    </>
  );
}

function target({ key, ctrlKey }: KeyboardEvent, { row, column }: Place, last: Place): Place | null {
  const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), Math.max(most, 0));
  const to = (nextRow: number, nextColumn: number) => ({
    row: clamp(nextRow, last.row),
    column: clamp(nextColumn, last.column),
  });
  switch (key) {
    case "ArrowDown":
      return to(row + 1, column);
    case "ArrowUp":
      return to(row - 1, column);
    case "ArrowRight":
      return to(row, column + 1);
    case "ArrowLeft":
      return to(row, column - 1);
    case "PageDown":
      return to(row + 10, column);
    case "PageUp":
      return to(row - 10, column);
    case "Home":
      return to(ctrlKey ? 0 : row, 0);
    case "End":
      return to(ctrlKey ? last.row : row, last.column);
    default:
      return null;
  }
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true" className="class-gradebook-gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

interface HeadProps {
  assignments: readonly Assignment[];
  sort: Sort;
  onSort: (sort: Sort) => void;
}

function Head({ assignments, sort, onSort }: HeadProps) {
  const t = useMessages(classGradebook);
  const format = useFormat();
  const heading = (column: string, text: string, about?: string) => (
    <Heading
      key={column}
      text={text}
      about={about}
      kind={column === "name" ? "student" : about === undefined ? "self" : "assigned"}
      direction={sort.column === column ? (sort.isDescending ? "descending" : "ascending") : undefined}
      onSort={() =>
        onSort({ column, isDescending: sort.column === column ? !sort.isDescending : column !== "name" })
      }
    />
  );
  return (
    <thead>
      <tr aria-rowindex={1}>
        {heading("name", t.student)}
        {assignments.map(({ assignment_id, title, points }) =>
          heading(assignment_id, title, points === null ? t.percent : t.pointsOf(format.number(points))),
        )}
        {heading("sessions", `${t.selfPractice}: ${t.sessions}`)}
        {heading("time", `${t.selfPractice}: ${t.time}`)}
      </tr>
    </thead>
  );
}

interface HeadingProps {
  text: string;
  about: string | undefined;
  kind: "student" | "assigned" | "self";
  direction: "ascending" | "descending" | undefined;
  onSort: () => void;
}

function Heading({ text, about, kind, direction, onSort }: HeadingProps) {
  return (
    <th scope="col" className={`class-gradebook-${kind}`} aria-sort={direction}>
      <button type="button" className="class-gradebook-heading" onClick={onSort} title={text}>
        <span>{text}</span>
        {direction && <Icon name={direction === "ascending" ? "up" : "down"} size={14} />}
      </button>
      {about !== undefined && <span className="class-gradebook-about">{about}</span>}
    </th>
  );
}

interface RowProps {
  row: Row;
  index: number;
  assignments: readonly Assignment[];
  at: Date;
  /** The column of the cell that takes the focus. */
  active: number | null;
  onOpen: (row: Row, assignment: Assignment) => void;
  onFocus: (place: Place) => void;
}

const StudentRow = memo(function StudentRow(props: RowProps) {
  const { row, index, assignments, at, active, onOpen, onFocus } = props;
  const format = useFormat();
  const { sessions, time_spent_seconds } = row.self_practice;
  const cells = assignments.map((assignment) => cellOf(row, assignment, at));
  return (
    <tr aria-rowindex={index + 2} className="class-gradebook-row">
      <th scope="row" className="class-gradebook-student">
        {nameOf(row)}
      </th>
      {assignments.map((assignment, column) => (
        <td key={assignment.assignment_id} data-status={cells[column]!.status}>
          <button
            type="button"
            className="class-gradebook-cell"
            data-place={`${index}.${column}`}
            tabIndex={active === column ? 0 : -1}
            onFocus={() => onFocus({ row: index, column })}
            onClick={() => onOpen(row, assignment)}
          >
            <CellText shown={cells[column]!} />
          </button>
        </td>
      ))}
      <td className="number class-gradebook-self">{format.number(sessions)}</td>
      <td className="number class-gradebook-self">
        {time_spent_seconds ? format.duration(time_spent_seconds) : "–"}
      </td>
    </tr>
  );
});

const ICONS: Partial<Record<WorkStatus, IconName>> = {
  exempt: "flag",
  late: "clock",
  missing: "warning",
  in_progress: "play",
};

/** A number, with what is special about it as an icon and for screen readers in words; else the state in words. */
function CellText({ shown: { status, value, isPercent, isOverridden } }: { shown: ShownCell }) {
  const t = useMessages(classGradebook);
  const { status: words } = useMessages(assignmentTexts);
  const format = useFormat();
  const icon = ICONS[status];
  const isNumber = value !== null && status !== "exempt";
  const isUsual = status === "submitted" && isNumber;
  return (
    <>
      {icon && <Icon name={icon} size={14} />}
      {isNumber && <strong>{isPercent ? format.percent(value) : format.number(value)}</strong>}
      {!isUsual && (
        <span className={status === "not_started" || status === "not_assigned" ? "soft" : undefined}>
          {words[status]}
        </span>
      )}
      {isOverridden && (
        <>
          <Icon name="log" size={14} />
          <span className="visually-hidden">{t.byTeacher}</span>
        </>
      )}
    </>
  );
}
