import type { Student } from "practice-client";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { gradebook } from "@/i18n/gradebook";
import { sessionParts } from "@/i18n/session_parts";
import { OriginBadge } from "@/ui/badge";
import { Figure, Figures } from "@/ui/figures";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Standing } from "@/ui/standing";
import { Table } from "@/ui/table";

import type { Origin } from "./shown";

type OriginTotals = Student["totals"][Origin];

/** Streak and XP, and the totals of both origins side by side. */
export function Totals() {
  const t = useMessages(gradebook);
  const read = useRead(["statistics"], ({ driver }) => driver.sessions.statistics());
  return (
    <Section title={t.progress}>
      <Read read={read} skeleton={<Skeleton height={22} />}>
        {(student) =>
          student === null ? (
            <EmptyState>{t.noStatistics}</EmptyState>
          ) : (
            <>
              <Standing student={student} />
              <div className="columns">
                <OfOrigin origin="assigned" totals={student.totals.assigned} nothing={t.noneAssigned} />
                <OfOrigin origin="self_practice" totals={student.totals.self_practice} nothing={t.noneOwn} />
              </div>
            </>
          )
        }
      </Read>
    </Section>
  );
}

function OfOrigin({ origin, totals, nothing }: { origin: Origin; totals: OriginTotals; nothing: string }) {
  const t = useMessages(gradebook);
  const parts = useMessages(sessionParts);
  const format = useFormat();
  const percentOf = useRightPercent();
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
          <Figures>
            <Figure name={t.sessions}>{format.number(sessions)}</Figure>
            <Figure name={t.time}>{format.duration(time_spent_seconds)}</Figure>
            <Figure
              name={t.correct}
              about={t.correctOf(format.number(questions_correct), format.number(total_questions))}
            >
              {percentOf(totals) ?? "–"}
            </Figure>
            <Figure name={t.xp} about={parts.verified(format.number(xp_verified))}>
              {format.number(xp)}
            </Figure>
          </Figures>
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
  const percentOf = useRightPercent();
  const nameOf = (subject: string) =>
    subject === NO_SUBJECT ? t.noSubject : subject === OTHER_SUBJECTS ? t.otherSubjects : subject;
  const subjects = Object.entries(totals.by_subject)
    .map(([subject, of]) => ({ subject, ...of }))
    .sort((one, two) => two.sessions - one.sessions);
  return (
    <Table
      isNarrow
      frame={{ label: t.bySubject, className: "gradebook-subjects" }}
      caption={t.bySubject}
      rows={subjects}
      keyOf={({ subject }) => subject}
      columns={[
        { heading: t.subject, cell: ({ subject }) => nameOf(subject) },
        { heading: t.sessions, isNumber: true, cell: ({ sessions }) => format.number(sessions) },
        { heading: t.correct, isNumber: true, cell: percentOf },
        { heading: t.xp, isNumber: true, cell: ({ xp }) => format.number(xp) },
      ]}
    />
  );
}

/** The share of right answers in words, null where no question was answered. */
function useRightPercent() {
  const format = useFormat();
  return ({ questions_correct, total_questions }: Omit<OriginTotals, "by_subject">) =>
    total_questions ? format.percent(Math.round((questions_correct / total_questions) * 100)) : null;
}
