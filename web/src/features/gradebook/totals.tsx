import type { Student } from "practice-client";
import type { ReactNode } from "react";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { gradebook } from "@/i18n/gradebook";
import { OriginBadge } from "@/ui/badge";
import { Icon, type IconName } from "@/ui/icons";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import type { Origin } from "./shown";

type OriginTotals = Student["totals"][Origin];

/** Streak and XP, and the totals of both origins side by side. */
export function Totals() {
  const t = useMessages(gradebook);
  const read = useRead(["statistics"], ({ driver }) => driver.sessions.statistics());
  return (
    <Section title={t.progress}>
      <Read read={read} skeleton={<Skeleton height={22} />}>
        {(student) => (student === null ? <EmptyState>{t.noStatistics}</EmptyState> : <Known {...student} />)}
      </Read>
    </Section>
  );
}

function Known({ streak, xp_total, xp_verified, totals }: Student) {
  const t = useMessages(gradebook);
  const format = useFormat();
  return (
    <>
      <dl className="figures">
        <Figure icon="flame" name={t.streak} about={t.longest(t.days(streak.longest))}>
          {t.days(streak.current)}
        </Figure>
        <Figure icon="bolt" name={t.xp} about={t.verified(format.number(xp_verified))}>
          {format.number(xp_total)}
        </Figure>
      </dl>
      <div className="columns">
        <OfOrigin origin="assigned" totals={totals.assigned} nothing={t.noneAssigned} />
        <OfOrigin origin="self_practice" totals={totals.self_practice} nothing={t.noneOwn} />
      </div>
    </>
  );
}

function OfOrigin({ origin, totals, nothing }: { origin: Origin; totals: OriginTotals; nothing: string }) {
  const t = useMessages(gradebook);
  const format = useFormat();
  const { sessions, questions_correct, total_questions, time_spent_seconds, xp, xp_verified } = totals;
  return (
    <div className={`card gradebook-totals gradebook-${origin}`}>
      <h3>
        <OriginBadge origin={origin} />
      </h3>
      {sessions === 0 ? (
        <p className="soft">{nothing}</p>
      ) : (
        <>
          <dl className="figures">
            <Figure name={t.sessions}>{format.number(sessions)}</Figure>
            <Figure name={t.time}>{format.duration(time_spent_seconds)}</Figure>
            <Figure
              name={t.correct}
              about={t.correctOf(format.number(questions_correct), format.number(total_questions))}
            >
              {total_questions
                ? format.percent(Math.round((questions_correct / total_questions) * 100))
                : "–"}
            </Figure>
            <Figure name={t.xp} about={t.verified(format.number(xp_verified))}>
              {format.number(xp)}
            </Figure>
          </dl>
          <BySubject totals={totals} />
        </>
      )}
    </div>
  );
}

/** The back end's names for sessions without a subject, and for the subjects beyond those it tells apart. */
const NO_SUBJECT = "(none)";
const OTHER_SUBJECTS = "(other)";

function BySubject({ totals }: { totals: OriginTotals }) {
  const t = useMessages(gradebook);
  const format = useFormat();
  const nameOf = (subject: string) =>
    subject === NO_SUBJECT ? t.noSubject : subject === OTHER_SUBJECTS ? t.otherSubjects : subject;
  const subjects = Object.entries(totals.by_subject).sort(([, one], [, two]) => two.sessions - one.sessions);
  return (
    <div className="table-frame gradebook-subjects" role="group" aria-label={t.bySubject} tabIndex={0}>
      <table className="table">
        <caption>{t.bySubject}</caption>
        <thead>
          <tr>
            <th scope="col">{t.subject}</th>
            <th scope="col" className="number">
              {t.sessions}
            </th>
            <th scope="col" className="number">
              {t.correct}
            </th>
            <th scope="col" className="number">
              {t.xp}
            </th>
          </tr>
        </thead>
        <tbody>
          {subjects.map(([subject, of]) => (
            <tr key={subject}>
              <th scope="row">{nameOf(subject)}</th>
              <td className="number">{format.number(of.sessions)}</td>
              <td className="number">
                {of.total_questions
                  ? format.percent(Math.round((of.questions_correct / of.total_questions) * 100))
                  : "–"}
              </td>
              <td className="number">{format.number(of.xp)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface FigureProps {
  icon?: IconName;
  name: string;
  about?: string;
  children: ReactNode;
}

function Figure({ icon, name, about, children }: FigureProps) {
  return (
    <div>
      <dt className="row soft">
        {icon && <Icon name={icon} />}
        {name}
      </dt>
      <dd className="figure">{children}</dd>
      {about && <dd className="soft small">{about}</dd>}
    </div>
  );
}
