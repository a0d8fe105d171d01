import {
  type SortingState,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import type { Session } from "practice-client";
import { useMemo } from "react";
import { Link } from "react-router";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { gradebook } from "@/i18n/gradebook";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { Select } from "@/ui/field";
import { Icon } from "@/ui/icons";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { COLUMNS, type ColumnName, shownValue } from "./columns";
import { type Origin, type Status, STATUSES, filterOf, useShown } from "./shown";

const PAGE = 20;
const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const column = createColumnHelper<typeof features, Session>();
/** As the sessions come: the newest first. */
const USUAL = "-date";

export function History({ origin }: { origin: Origin | undefined }) {
  const t = useMessages(gradebook);
  const words = useMessages(common);
  const { status, search, show } = useShown();
  const pages = usePages<Session>(["sessions", origin, status], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) =>
      driver.sessions.list({ ...filterOf({ origin, status }), limit: PAGE, after }),
  });
  const { first, entries, hasMore, readMore, isLoadingMore, moreError } = pages;
  const wished = search.get("sort") ?? USUAL;
  const sort = COLUMNS.some(({ name }) => name === wished.replace("-", "")) ? wished : USUAL;
  return (
    <Section title={t.history}>
      <div className="row gradebook-filters">
        <Select
          label={t.status}
          value={status ?? ""}
          onChange={(event) => show({ status: event.target.value || null })}
        >
          <option value="">{t.anyStatus}</option>
          {STATUSES.map((name) => (
            <option key={name} value={name}>
              {words[name]}
            </option>
          ))}
        </Select>
        <SortChoice sort={sort} />
      </div>
      <Read read={first} skeleton={<Skeleton height={40} />}>
        {() =>
          entries.length === 0 ? (
            <Nothing origin={origin} status={status} />
          ) : (
            <>
              <SessionTable sessions={entries} sort={sort} />
              {moreError !== undefined && <ErrorNotice error={moreError} retry={readMore} />}
              <div className="row">
                {hasMore && (
                  <Button isBusy={isLoadingMore} onClick={readMore}>
                    {words.more}
                  </Button>
                )}
                <p className="soft small" role="status">
                  {hasMore && sort !== USUAL ? t.sortedLoaded(entries.length) : t.moreLoaded(entries.length)}
                </p>
              </div>
            </>
          )
        }
      </Read>
    </Section>
  );
}

function Nothing({ origin, status }: { origin: Origin | undefined; status: Status | undefined }) {
  const t = useMessages(gradebook);
  const isForTeacher = origin === "assigned" && status === undefined;
  return (
    <EmptyState actions={<ButtonLink to="/templates">{t.toTemplates}</ButtonLink>}>
      {isForTeacher ? t.nothingAssigned : t.nothing}
    </EmptyState>
  );
}

/** For phones, which have no row of headings to press. */
function SortChoice({ sort }: { sort: string }) {
  const t = useMessages(gradebook);
  const { show } = useShown();
  const { columns } = t;
  return (
    <div className="gradebook-sort">
      <Select
        label={t.sortBy}
        value={sort}
        onChange={({ target }) => show({ sort: target.value === USUAL ? null : target.value })}
      >
        <option value="-date">{t.newest}</option>
        <option value="date">{t.oldest}</option>
        {COLUMNS.filter(({ name }) => name !== "date").flatMap(({ name }) => [
          <option key={name} value={name}>
            {t.ascending(columns[name])}
          </option>,
          <option key={`-${name}`} value={`-${name}`}>
            {t.descending(columns[name])}
          </option>,
        ])}
      </Select>
    </div>
  );
}

function SessionTable({ sessions, sort }: { sessions: Session[]; sort: string }) {
  const t = useMessages(gradebook);
  const words = useMessages(common);
  const format = useFormat();
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
  const table = useTable({
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
  return (
    <div className="table-frame gradebook-history" role="group" aria-label={t.history} tabIndex={0}>
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
        <tbody>
          {table.getRowModel().rows.map(({ id, original }) => (
            <tr key={id}>
              {COLUMNS.map(({ name, kind, valueOf }) => {
                const value = valueOf(original, words);
                if (name === "name")
                  return (
                    <th key={name} scope="row" data-column={name}>
                      <Link to={`/sessions/${id}`}>{value}</Link>
                    </th>
                  );
                const isNumber = kind === "number" || kind === "percent";
                return (
                  <td
                    key={name}
                    data-column={name}
                    data-label={t.columns[name]}
                    className={isNumber ? "number" : undefined}
                  >
                    {name === "origin" ? (
                      <OriginBadge origin={original.origin} />
                    ) : name === "status" ? (
                      <StatusBadge status={original.status} />
                    ) : kind === "date" ? (
                      <time dateTime={String(value)}>{shownValue(value, kind, format)}</time>
                    ) : isNumber ? (
                      <data value={value ?? ""}>{shownValue(value, kind, format)}</data>
                    ) : (
                      shownValue(value, kind, format)
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps {
  name: ColumnName;
  direction: false | "asc" | "desc";
  onSort: () => void;
}

function Heading({ name, direction, onSort }: HeadingProps) {
  const t = useMessages(gradebook);
  const isNumber = COLUMNS.some((one) => one.name === name && one.kind !== "text" && one.kind !== "date");
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
