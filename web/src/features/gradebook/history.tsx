import type { Session } from "practice-client";
import { useRef } from "react";

import { usePages } from "@/data/pages";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { gradebook } from "@/i18n/gradebook";
import { ButtonLink } from "@/ui/button";
import { Select } from "@/ui/field";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { COLUMNS } from "./columns";
import { HistoryTable, USUAL } from "./history_table";
import { type Origin, type Status, STATUSES, filterOf, useShown } from "./shown";

const PAGE = 20;

export function History({ origin }: { origin: Origin | undefined }) {
  const t = useMessages(gradebook);
  const words = useMessages(common);
  const { status, search, show } = useShown();
  const pages = usePages<Session>(["sessions", origin, status], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) =>
      driver.sessions.list({ ...filterOf({ origin, status }), limit: PAGE, after }),
  });
  const { first, entries, hasMore } = pages;
  const body = useRef<HTMLTableSectionElement>(null);
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
              <HistoryTable sessions={entries} sort={sort} body={body} />
              <More pages={pages} list={body}>
                <p className="soft small" role="status">
                  {hasMore && sort !== USUAL ? t.sortedLoaded(entries.length) : t.moreLoaded(entries.length)}
                </p>
              </More>
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
