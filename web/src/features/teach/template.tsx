import type { Session } from "practice-client";
import { useParams, useSearchParams } from "react-router";

import { usePages } from "@/data/pages";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { teach } from "@/i18n/teach";
import { Badge, StatusBadge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { Select } from "@/ui/field";
import { Icon } from "@/ui/icons";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { grouped } from "./grouped";
import { MissedQuestions } from "./missed_questions";
import { type Row, STATES, type State, merged, rosterOf } from "./roster";
import { shortened } from "./shortened";
import { StudentLink } from "./student_id";
import { TeachersOnly } from "./teachers_only";
import { useLiveSessions } from "./use_live_sessions";

import "./teach.css";

/** The newest sessions, which are watched, and those that one press adds. */
const SESSIONS = 100;

export default function TeachTemplate() {
  const { id = "" } = useParams();
  return (
    <TeachersOnly>
      <AssignedTemplate key={id} id={id} />
    </TeachersOnly>
  );
}

function AssignedTemplate({ id }: { id: string }) {
  const t = useMessages(teach);
  const read = useRead(["template with students", id], async ({ driver }) => {
    const [template, students] = await Promise.all([
      driver.templates.read(id),
      driver.templates.readStudents(id),
    ]);
    return { template, students };
  });
  const pages = usePages<Session>(
    ["sessions of my students of a template", id],
    ({ driver }, after) => driver.sessions.listOfStudents({ template_id: id, limit: SESSIONS, after }),
    ({ session_id }) => session_id,
  );
  const isRead = read.data !== undefined && pages.first.data !== undefined;
  const live = useLiveSessions(id, SESSIONS, isRead);
  const sessions = merged(live.sessions, pages.entries, SESSIONS);
  // Fewer than could be watched are all that there are.
  const isWhole = !pages.hasMore || (live.sessions !== null && live.sessions.length < SESSIONS);
  return (
    <Page
      title={read.data?.template.name ?? t.title}
      actions={
        <ButtonLink icon="templates" to={`/templates/${id}`}>
          {t.openTemplate}
        </ButtonLink>
      }
    >
      <Section title={t.students}>
        <Read read={read} skeleton={<Skeleton height={30} />}>
          {({ students }) => (
            <Read read={pages.first} skeleton={<Skeleton height={30} />}>
              {() => (
                <>
                  <LiveState {...live} isWatching={live.sessions !== null} />
                  {!isWhole && (
                    <div className="row between">
                      <p className="soft">{t.bounded(sessions.length)}</p>
                      <Button small icon="plus" isBusy={pages.isLoadingMore} onClick={pages.more}>
                        {t.widen(SESSIONS)}
                      </Button>
                    </div>
                  )}
                  {pages.moreError !== undefined && (
                    <ErrorNotice error={pages.moreError} retry={pages.more} />
                  )}
                  <Roster rows={rosterOf(students, sessions, isWhole)} />
                </>
              )}
            </Read>
          )}
        </Read>
      </Section>
      {isRead && <MissedQuestions sessions={sessions} />}
    </Page>
  );
}

interface LiveProps extends Omit<ReturnType<typeof useLiveSessions>, "sessions"> {
  isWatching: boolean;
}

function LiveState({ isWatching, isOnline, error, retry, news }: LiveProps) {
  const t = useMessages(teach);
  const isFailed = error !== undefined;
  const isLive = isWatching && isOnline && !isFailed;
  return (
    <div className="row">
      <p className="row soft small" data-live={isLive}>
        <Icon name={isLive ? "bolt" : "refresh"} size={16} />
        {isLive ? t.live : isFailed || !isOnline ? t.notLive : t.connecting}
      </p>
      {isFailed && (
        <Button small icon="refresh" onClick={retry}>
          {t.retry}
        </Button>
      )}
      <p className="visually-hidden" role="status">
        {news && t[news.kind](shortened(news.uid))}
      </p>
    </div>
  );
}

const ROWS = 50;

function Roster({ rows }: { rows: Row[] }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const format = useFormat();
  const [search, setSearch] = useSearchParams();
  if (rows.length === 0) return <EmptyState>{t.noStudents}</EmptyState>;
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  const wished = STATES.find((state) => state === search.get("state"));
  const chosen = wished ? rows.filter(({ state }) => state === wished) : rows;
  const most = Math.max(Number(search.get("rows")) || ROWS, ROWS);
  const counts = grouped(rows, ({ state }) => state);
  const countOf = (state: State) => counts.get(state)?.length ?? 0;
  const figures = STATES.filter((state) => countOf(state) > 0 || state === "began" || state === "finished");
  return (
    <>
      <dl className="figures teach-figures">
        {figures.map((state) => (
          <div key={state}>
            <dt className="soft">{t.states[state]}</dt>
            <dd className="figure">{t.countOf(format.number(countOf(state)), format.number(rows.length))}</dd>
          </div>
        ))}
      </dl>
      <div className="teach-filter">
        <Select label={t.state} value={wished ?? ""} onChange={({ target }) => set("state", target.value)}>
          <option value="">{t.all}</option>
          {STATES.filter((state) => countOf(state) > 0 || state === wished).map((state) => (
            <option key={state} value={state}>
              {t.states[state]}
            </option>
          ))}
        </Select>
      </div>
      {chosen.length === 0 ? (
        <EmptyState>{t.noneOfState}</EmptyState>
      ) : (
        <RosterTable rows={chosen.slice(0, most)} />
      )}
      {chosen.length > most && (
        <div className="row">
          <Button onClick={() => set("rows", String(most + ROWS))}>{words.more}</Button>
        </div>
      )}
    </>
  );
}

function RosterTable({ rows }: { rows: Row[] }) {
  const t = useMessages(teach);
  return (
    <div className="table-frame">
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t.student}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.when}</th>
            <th scope="col">{t.progress}</th>
            <th scope="col" className="number">
              {t.score}
            </th>
            <th scope="col" className="number">
              {t.xp}
            </th>
            <th scope="col">{t.session}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.uid}>
              <th scope="row">
                <StudentLink uid={row.uid} />
                {!row.isAssigned && <span className="soft small"> {t.noLonger}</span>}
              </th>
              <td data-label={t.state}>
                <span className="row teach-state">
                  <StateBadge state={row.state} />
                  {row.isAgainAtWork && <span className="soft small">{t.againAtWork}</span>}
                </span>
              </td>
              <SessionCells session={row.session} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function StateBadge({ state }: { state: State }) {
  const t = useMessages(teach);
  if (state === "finished") return <StatusBadge status="completed" />;
  if (state === "stopped") return <StatusBadge status="abandoned" />;
  if (state === "began")
    return (
      <Badge kind="assigned" icon="play">
        {t.states.began}
      </Badge>
    );
  return (
    <Badge kind="warn" icon="clock">
      {t.states[state]}
    </Badge>
  );
}

function SessionCells({ session }: { session: Session | null }) {
  const t = useMessages(teach);
  const format = useFormat();
  if (!session)
    return (
      <>
        <td className="teach-none" data-label={t.when}>
          –
        </td>
        <td className="teach-none" data-label={t.progress}>
          –
        </td>
        <td data-label={t.score} className="teach-none number">
          –
        </td>
        <td data-label={t.xp} className="teach-none number">
          –
        </td>
        <td className="teach-none" data-label={t.session}>
          –
        </td>
      </>
    );
  const { session_id, name, mode, last_activity_at, score_percent, xp } = session;
  const progress =
    mode === "infinite"
      ? t.answered(session.total_questions)
      : t.done(session.items_completed, session.items_count);
  return (
    <>
      <td data-label={t.when}>
        <time dateTime={last_activity_at} title={format.dateTime(last_activity_at)}>
          {format.relative(last_activity_at)}
        </time>
      </td>
      <td data-label={t.progress}>{progress}</td>
      <td data-label={t.score} className="number">
        {score_percent === null ? "–" : format.percent(score_percent)}
      </td>
      <td data-label={t.xp} className="number">
        {format.number(xp.total)}
      </td>
      <td data-label={t.session}>
        <ButtonLink
          small
          icon="eye"
          to={`/sessions/${session_id}`}
          aria-label={t.detailsOf(name, format.dateTime(session.started_at))}
        >
          {t.details}
        </ButtonLink>
      </td>
    </>
  );
}
