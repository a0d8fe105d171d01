import type { Session } from "practice-client";
import { Link, useParams } from "react-router";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { teach } from "@/i18n/teach";
import { StatusBadge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { shortened } from "./shortened";
import { CopyId } from "./student_id";
import { TeachersOnly } from "./teachers_only";

import "./teach.css";

const PAGE = 20;

export default function TeachStudent() {
  const { id = "" } = useParams();
  return (
    <TeachersOnly>
      <AssignedSessions key={id} uid={id} />
    </TeachersOnly>
  );
}

function AssignedSessions({ uid }: { uid: string }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const pages = usePages<Session>(["sessions of one of my students", uid], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) => driver.sessions.listOfStudents({ student_id: uid, limit: PAGE, after }),
  });
  const { first, entries, hasMore, readMore, isLoadingMore, moreError } = pages;
  return (
    <Page
      title={t.studentTitle(shortened(uid))}
      actions={
        <>
          <CopyId uid={uid} />
          <ButtonLink icon="teach" to="/teach">
            {t.title}
          </ButtonLink>
        </>
      }
    >
      <Section title={t.ofStudent}>
        <Read read={first} skeleton={<Skeleton height={30} />}>
          {() =>
            entries.length === 0 ? (
              <EmptyState>{t.noneOfStudent}</EmptyState>
            ) : (
              <>
                <SessionTable sessions={entries} />
                {moreError !== undefined && <ErrorNotice error={moreError} retry={readMore} />}
                <div className="row">
                  {hasMore && (
                    <Button isBusy={isLoadingMore} onClick={readMore}>
                      {words.more}
                    </Button>
                  )}
                  <p className="soft small" role="status">
                    {t.loaded(entries.length)}
                  </p>
                </div>
              </>
            )
          }
        </Read>
      </Section>
    </Page>
  );
}

function SessionTable({ sessions }: { sessions: Session[] }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const format = useFormat();
  return (
    <div className="table-frame">
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t.session}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{words.date}</th>
            <th scope="col">{t.progress}</th>
            <th scope="col" className="number">
              {t.score}
            </th>
            <th scope="col" className="number">
              {t.xp}
            </th>
            <th scope="col">{t.details}</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => {
            const { session_id, template_id, name, status, mode, started_at, score_percent, xp } = session;
            return (
              <tr key={session_id}>
                <th scope="row">
                  {template_id ? <Link to={`/teach/templates/${template_id}`}>{name}</Link> : name}
                </th>
                <td data-label={t.state}>
                  <StatusBadge status={status} />
                </td>
                <td data-label={words.date}>
                  <time dateTime={started_at}>{format.dateTime(started_at)}</time>
                </td>
                <td data-label={t.progress}>
                  {mode === "infinite"
                    ? t.answered(session.total_questions)
                    : t.done(session.items_completed, session.items_count)}
                </td>
                <td data-label={t.score} className="number">
                  {score_percent === null ? "–" : format.percent(score_percent)}
                </td>
                <td data-label={t.xp} className="number">
                  <span>
                    {format.number(xp.total)}
                    <span className="soft small"> · {t.verified(format.number(xp.verified))}</span>
                  </span>
                </td>
                <td data-label={t.details}>
                  <ButtonLink
                    small
                    icon="eye"
                    to={`/sessions/${session_id}`}
                    aria-label={t.detailsOf(name, format.dateTime(started_at))}
                  >
                    {t.details}
                  </ButtonLink>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
