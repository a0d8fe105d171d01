import {
  type SortingState,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import type { Session } from "practice-client";
import { type Ref, useMemo } from "react";
import { Link } from "react-router";

import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { gradebook } from "@/i18n/gradebook";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { Icon } from "@/ui/icons";
import { TableFrame } from "@/ui/table";

import { COLUMNS, type Column, type ColumnName, isNumeric, shownValue } from "./columns";
import { useShown } from "./shown";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const column = createColumnHelper<typeof features, Session>();
/** As the sessions come: the newest first. */
export const USUAL = "-date";

interface Props {
  sessions: Session[];
  /** The name of a column, with "-" before it where the greatest is first. */
  sort: string;
  body: Ref<HTMLTableSectionElement>;
}

/** The sessions in the chosen order, which pressing a heading changes. */
export function HistoryTable({ sessions, sort, body }: Props) {
  const t = useMessages(gradebook);
  const table = useSortedTable(sessions, sort);
  return (
    <TableFrame className="gradebook-history" label={t.history}>
      <table className="table table-cards">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map(({ id, column: of }) => (
                <Heading
                  key={id}
                  name={id as ColumnName}
                  direction={of.getIsSorted()}
                  onSort={() => of.toggleSorting()}
                />
              ))}
            </tr>
          ))}
        </thead>
        <tbody ref={body}>
          {table.getRowModel().rows.map(({ id, original }) => (
            <tr key={id}>
              {COLUMNS.map((one) => (
                <Cell key={one.name} column={one} session={original} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function useSortedTable(sessions: Session[], sort: string) {
  const words = useMessages(common);
  const { show } = useShown();
  const columns = useMemo(() => {
    const collator = new Intl.Collator(undefined, { numeric: true });
    return column.columns(
      COLUMNS.map(({ name, kind, valueOf }) =>
        // Sessions without a value are last in both directions.
        column.accessor((session) => valueOf(session, words) ?? undefined, {
          id: name,
          sortUndefined: "last",
          sortDescFirst: kind !== "text",
          sortFn: (one, two, id) => {
            const [a, b] = [one.getValue(id), two.getValue(id)];
            return typeof a === "number" && typeof b === "number"
              ? a - b
              : collator.compare(String(a), String(b));
          },
        }),
      ),
    );
  }, [words]);
  const sorting = useMemo<SortingState>(
    () => [{ id: sort.replace("-", ""), desc: sort.startsWith("-") }],
    [sort],
  );
  return useTable({
    features,
    columns,
    data: sessions,
    getRowId: ({ session_id }) => session_id,
    state: { sorting },
    enableSortingRemoval: false,
    onSortingChange: (update) => {
      const [chosen] = typeof update === "function" ? update(sorting) : update;
      const name = chosen ? `${chosen.desc ? "-" : ""}${chosen.id}` : USUAL;
      show({ sort: name === USUAL ? null : name });
    },
  });
}

function Cell({ column: { name, kind, valueOf }, session }: { column: Column; session: Session }) {
  const t = useMessages(gradebook);
  const words = useMessages(common);
  const format = useFormat();
  const value = valueOf(session, words);
  const text = shownValue(value, kind, format);
  if (name === "name")
    return (
      <th scope="row" data-column={name}>
        <Link to={`/sessions/${session.session_id}`}>{value}</Link>
      </th>
    );
  return (
    <td data-column={name} data-label={t.columns[name]} className={isNumeric(kind) ? "number" : undefined}>
      {name === "origin" ? (
        <OriginBadge origin={session.origin} />
      ) : name === "status" ? (
        <StatusBadge status={session.status} />
      ) : kind === "date" ? (
        <time dateTime={String(value)}>{text}</time>
      ) : isNumeric(kind) ? (
        <data value={value ?? ""}>{text}</data>
      ) : (
        text
      )}
    </td>
  );
}

interface HeadingProps {
  name: ColumnName;
  direction: false | "asc" | "desc";
  onSort: () => void;
}

function Heading({ name, direction, onSort }: HeadingProps) {
  const t = useMessages(gradebook);
  const isNumber = COLUMNS.some((one) => one.name === name && isNumeric(one.kind));
  return (
    <th
      scope="col"
      className={isNumber ? "number" : undefined}
      aria-sort={direction === "asc" ? "ascending" : direction === "desc" ? "descending" : undefined}
    >
      <span className="gradebook-heading-text">{t.columns[name]}</span>
      <button type="button" className="gradebook-heading" onClick={onSort}>
        {t.columns[name]}
        {direction && <Icon name={direction === "asc" ? "up" : "down"} size={14} />}
      </button>
    </th>
  );
}
