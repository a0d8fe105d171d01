import "./sessions.css";

import type { Session } from "practice-client";
import { Link, useParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";
import { sessions as texts } from "@/i18n/sessions";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { Figure, Figures } from "@/ui/figures";
import { Notice } from "@/ui/notice";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { MasteryTable, XpTable } from "@/ui/session_parts";

import { Again, Continue } from "./actions";
import { useDuration } from "./duration";
import { ItemsLog } from "./items_log";
import { Sections } from "./sections";

export default function SessionsDetails() {
  const { id = "" } = useParams();
  const t = useMessages(texts);
  const { uid } = useBackEnd();
  const read = useRead(["session", id], ({ driver }) => driver.sessions.read(id));
  const session = read.data;
  const isOwn = session?.student_id === uid;
  return (
    <Page
      title={session?.name ?? t.session}
      actions={
        session &&
        isOwn &&
        (session.status === "active" ? <Continue session={session} /> : <Again session={session} />)
      }
    >
      <Read read={read} skeleton={<Skeleton height={12} count={3} />}>
        {(found) => <Details session={found} isOwn={isOwn} />}
      </Read>
    </Page>
  );
}

function Details({ session, isOwn }: { session: Session; isOwn: boolean }) {
  const t = useMessages(texts);
  const words = useMessages(sessionParts);
  const { status, end_reason, flags, mastery, session_data } = session;
  return (
    <>
      <div className="row">
        <OriginBadge origin={session.origin} />
        <StatusBadge status={status} />
      </div>
      {end_reason === "discarded" && <Notice>{t.endedDiscarded}</Notice>}
      {end_reason === "stale" && <Notice>{t.endedStale}</Notice>}
      {flags.includes("answered_too_fast") && <Notice>{t.fast}</Notice>}
      {flags.includes("claimed_time_exceeds_clock") && <Notice>{t.exceeds}</Notice>}
      <Facts session={session} isOwn={isOwn} />
      <Numbers session={session} />
      <Section title={t.notes}>
        {session_data.notes ? (
          <div className="card">
            <p className="sessions-text">{session_data.notes}</p>
          </div>
        ) : (
          <p className="soft">{t.noNotes}</p>
        )}
      </Section>
      {session.mode !== "infinite" && <Sections content={session_data} />}
      {status !== "active" && (
        <div className="sessions-tables">
          <Section title={words.xp}>
            <XpTable xp={session.xp} />
          </Section>
          {mastery.length > 0 && (
            <Section title={words.mastery}>
              <MasteryTable mastery={mastery} />
            </Section>
          )}
        </div>
      )}
      <ItemsLog session={session} />
    </>
  );
}

function Facts({ session, isOwn }: { session: Session; isOwn: boolean }) {
  const t = useMessages(texts);
  const format = useFormat();
  const facts: [string, React.ReactNode][] = [
    [t.student, !isOwn && <Link to={`/teach/students/${session.student_id}`}>{session.student_id}</Link>],
    [t.started, format.dateTime(session.started_at)],
    [t.ended, session.ended_at && format.dateTime(session.ended_at)],
    [t.template, session.template_name],
    [t.subject, session.subject],
    [t.topic, session.topic],
    [t.mode, session.practice_mode],
    [t.goals, format.list([...(session.root_id ? [session.root_id] : []), ...session.parent_ids])],
  ];
  return (
    <dl className="card sessions-facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Numbers({ session }: { session: Session }) {
  const t = useMessages(texts);
  const words = useMessages(sessionParts);
  const format = useFormat();
  const durationOf = useDuration();
  const { score_percent, streak_before, streak_after, session_data, status } = session;
  const isInfinite = session.mode === "infinite";
  return (
    <Section title={t.figures}>
      <Figures>
        <Figure icon="check" name={t.items}>
          {isInfinite
            ? t.answered(session.total_questions)
            : t.done(session.items_completed, session.items_count)}
        </Figure>
        <Figure icon="clock" name={t.time}>
          {durationOf(session)}
        </Figure>
        {score_percent !== null && (
          <Figure
            icon="gradebook"
            name={t.score}
            about={t.right(session.questions_correct, session.total_questions)}
          >
            {format.percent(Math.round(score_percent))}
          </Figure>
        )}
        {status !== "active" && (
          <Figure icon="bolt" name={words.xp}>
            {format.number(session.xp.total)}
          </Figure>
        )}
        {streak_after !== null && (
          <Figure icon="flame" name={t.streak} about={t.streakChange(streak_before ?? 0, streak_after)}>
            {format.number(streak_after)}
          </Figure>
        )}
        {session_data.focus_score != null && (
          <Figure icon="eye" name={t.focus}>
            {t.ofTen(session_data.focus_score)}
          </Figure>
        )}
        {session_data.energy_level != null && (
          <Figure icon="bolt" name={t.energy}>
            {t.ofTen(session_data.energy_level)}
          </Figure>
        )}
      </Figures>
    </Section>
  );
}
