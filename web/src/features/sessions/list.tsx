import type { Session } from "practice-client";
import { useRef } from "react";
import { Link, useSearchParams } from "react-router";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { sessions as texts } from "@/i18n/sessions";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { Again, Continue } from "./actions";
import { type Filter, filterOf, paramsOf, queryOf } from "./filter";
import { Filters } from "./filters";
import { useDuration } from "./duration";

const PAGE = 25;

export default function SessionsList() {
  const t = useMessages(texts);
  const [params, setParams] = useSearchParams();
  const filter = filterOf(params);
  const choose = (chosen: Filter) => setParams(paramsOf(chosen), { preventScrollReset: true });
  return (
    <Page
      title={t.title}
      actions={
        <ButtonLink to="/log" icon="log">
          {t.log}
        </ButtonLink>
      }
    >
      <Filters key={JSON.stringify(filter.search)} filter={filter} onChoose={choose} />
      <Found filter={filter} onClear={() => setParams({})} />
    </Page>
  );
}

function Found({ filter, onClear }: { filter: Filter; onClear: () => void }) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const query = queryOf(filter);
  const body = useRef<HTMLTableSectionElement>(null);
  const { first, entries, hasMore, more, isLoadingMore, moreError } = usePages(
    ["sessions", JSON.stringify(query)],
    ({ driver }, after) => driver.sessions.list({ ...query, limit: PAGE, after }),
    ({ session_id }) => session_id,
  );
  const isFiltered = Object.keys(query).length > 0;
  return (
    <Read read={first} skeleton={<Skeleton height={30} />}>
      {() =>
        entries.length === 0 ? (
          isFiltered ? (
            <EmptyState actions={<Button onClick={onClear}>{t.clear}</Button>}>{t.noneFound}</EmptyState>
          ) : (
            <EmptyState actions={<ButtonLink to="/templates">{t.templates}</ButtonLink>}>{t.none}</EmptyState>
          )
        ) : (
          <>
            <Table sessions={entries} body={body} />
            {moreError !== undefined && <ErrorNotice error={moreError} />}
            <div className="row between">
              <span className="soft small" role="status">
                {t.shown(entries.length)}
              </span>
              {hasMore && (
                <Button
                  icon="down"
                  isBusy={isLoadingMore}
                  onClick={() => {
                    // The button may go: the focus stays at the end of what was read before.
                    body.current
                      ?.querySelector<HTMLElement>("tr:last-child a")
                      ?.focus({ preventScroll: true });
                    more();
                  }}
                >
                  {words.more}
                </Button>
              )}
            </div>
          </>
        )
      }
    </Read>
  );
}

function Table({ sessions, body }: { sessions: Session[]; body: React.Ref<HTMLTableSectionElement> }) {
  const t = useMessages(texts);
  const words = useMessages(common);
  return (
    <div className="table-frame">
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.date}</th>
            <th scope="col" className="number">
              {t.duration}
            </th>
            <th scope="col" className="number">
              {t.sections}
            </th>
            <th scope="col">{t.completed}</th>
            <th scope="col">{t.actions}</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {sessions.map((session) => (
            <Row key={session.session_id} session={session} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ session }: { session: Session }) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const format = useFormat();
  const durationOf = useDuration();
  const { session_id, name, origin, mode } = session;
  const isInfinite = mode === "infinite";
  return (
    <tr>
      <th scope="row">
        <div className="row">
          <Link to={`/sessions/${session_id}`}>{name}</Link>
          <OriginBadge origin={origin} />
        </div>
      </th>
      <td data-label={words.date}>{format.dateTime(session.started_at)}</td>
      <td className="number" data-label={t.duration}>
        {durationOf(session)}
      </td>
      <td className="number" data-label={t.sections}>
        {isInfinite ? t.unknown : format.number(session.session_data.sections?.length ?? 0)}
      </td>
      <td data-label={t.completed}>
        <div className="row">
          <StatusBadge status={session.status} />
          <span className="soft small">
            {isInfinite
              ? t.answered(session.total_questions)
              : t.done(session.items_completed, session.items_count)}
          </span>
        </div>
      </td>
      <td data-label={t.actions}>
        <div className="row">
          {session.status === "active" ? (
            <Continue session={session} small />
          ) : (
            <Again session={session} small />
          )}
          <ButtonLink small look="quiet" to={`/sessions/${session_id}`} aria-label={t.detailsOf(name)}>
            {t.details}
          </ButtonLink>
        </div>
      </td>
    </tr>
  );
}
