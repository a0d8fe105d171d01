import "./sessions.css";

import type { Session } from "practice-client";
import { useParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";
import { sessions as texts } from "@/i18n/sessions";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { StudentLink } from "@/ui/identifier";
import { Notice } from "@/ui/notice";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { MasteryTable, SessionFigures, XpTable } from "@/ui/session_parts";

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
  const durationOf = useDuration();
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
      <Section title={t.figures}>
        <SessionFigures session={session} time={durationOf(session)} />
      </Section>
      <Section title={t.notes}>
        {session_data.notes ? (
          <div className="card">
            <p className="sessions-text">{session_data.notes}</p>
          </div>
        ) : (
          <p className="soft">{t.noNotes}</p>
        )}
      </Section>
      {isChecklist(session) && <Sections content={session_data} />}
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

function isChecklist({ mode, pack, assignment }: Session): boolean {
  return assignment ? assignment.mode === "checklist" : mode !== "infinite" && !pack;
}

function Facts({ session, isOwn }: { session: Session; isOwn: boolean }) {
  const t = useMessages(texts);
  const format = useFormat();
  const facts: [string, React.ReactNode][] = [
    [t.student, !isOwn && <StudentLink uid={session.student_id} isWhole />],
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
