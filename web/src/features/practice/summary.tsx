import type { Session } from "practice-client";
import type { ReactNode } from "react";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Card, Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { MasteryTable } from "@/ui/session_parts";

import { NotesLeft } from "./notes";

interface Props {
  slot: string;
  sessionId: string;
  /** The button that leads to more practice. */
  again: ReactNode;
  children?: ReactNode;
}

/** How a finished session went, as it is stored: the page can be loaded again, and linked to. */
export function SummaryPage({ slot, sessionId, again, children }: Props) {
  const t = useMessages(texts);
  const read = useRead(["session", sessionId], ({ driver }) => driver.sessions.read(sessionId));
  const { data } = read;
  return (
    <Page
      title={data ? t.doneOf(data.name) : t.done}
      narrow
      actions={data && <OriginBadge origin={data.origin} />}
    >
      <Read read={read} skeleton={<Skeleton height={8} count={3} />}>
        {(session) => (
          <>
            <NotesLeft templateId={slot} ended={{ sessionId, notes: session.session_data.notes }} />
            <Figures session={session} />
            {children}
          </>
        )}
      </Read>
      <div className="row">
        {again}
        <ButtonLink icon="gradebook" to="/gradebook">
          {t.toGradebook}
        </ButtonLink>
        <ButtonLink icon="sessions" to={`/sessions/${sessionId}`}>
          {t.toSession}
        </ButtonLink>
      </div>
    </Page>
  );
}

export function Figures({ session }: { session: Session }) {
  const t = useMessages(texts);
  const format = useFormat();
  const { score_percent, questions_correct, total_questions, xp, streak_before, streak_after } = session;
  const seconds = session.time_spent_seconds ?? session.duration_seconds ?? 0;
  return (
    <>
      {session.status !== "completed" && (
        <Notice kind="warn">
          {t.alreadyEnded} <StatusBadge status={session.status} />
        </Notice>
      )}
      <div className="practice-figures">
        <Card as="section">
          <h2>{t.score}</h2>
          <p className="figure">{score_percent === null ? "–" : format.percent(score_percent)}</p>
          <p className="soft">
            {total_questions
              ? t.scoreText(questions_correct, session.assignment?.questions || total_questions)
              : t.noScore}
          </p>
          <p className="soft">
            {t.time}: {format.duration(seconds)}
          </p>
        </Card>
        <Card as="section">
          <h2>{t.xp}</h2>
          <dl className="parts">
            <Part name={t.xpParts.items} value={format.number(xp.items)} />
            <Part name={t.xpParts.session} value={format.number(xp.session_bonus)} />
            <Part name={t.xpParts.streak} value={format.number(xp.streak_bonus)} />
            <Part name={t.xpParts.total} value={format.number(xp.total)} />
          </dl>
        </Card>
        <Card as="section">
          <h2>{t.streak}</h2>
          <p className="figure">{t.days(streak_after ?? 0)}</p>
          <p className="soft">{t.streakBefore(t.days(streak_before ?? 0))}</p>
        </Card>
      </div>
      <section className="card">
        <h2>{t.mastery}</h2>
        {session.mastery.length ? (
          <MasteryTable mastery={session.mastery} />
        ) : (
          <p className="soft">{t.noMastery}</p>
        )}
      </section>
    </>
  );
}

function Part({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}
