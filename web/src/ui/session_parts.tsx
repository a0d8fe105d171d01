import type { Session } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";

import { Figure, Figures } from "./figures";
import { Table } from "./table";

/** What a session came to. `time`: how long it took, in words. */
export function SessionFigures({ session, time }: { session: Session; time: string }) {
  const t = useMessages(sessionParts);
  const format = useFormat();
  const { status, mode, score_percent, streak_before, streak_after, session_data } = session;
  return (
    <Figures>
      <Figure icon="check" name={t.items}>
        {mode === "infinite" || session.assignment?.mode === "infinite"
          ? t.answered(session.total_questions)
          : t.outOf(session.items_completed, session.items_count)}
      </Figure>
      <Figure icon="clock" name={t.time}>
        {time}
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
        <Figure icon="bolt" name={t.xp}>
          {format.number(session.xp.total)}
        </Figure>
      )}
      {streak_after !== null && (
        <Figure icon="flame" name={t.streak} about={t.streakBefore(t.days(streak_before ?? 0))}>
          {t.days(streak_after)}
        </Figure>
      )}
      {session_data.focus_score != null && (
        <Figure icon="eye" name={t.focus}>
          {t.outOf(session_data.focus_score, HIGHEST)}
        </Figure>
      )}
      {session_data.energy_level != null && (
        <Figure icon="bolt" name={t.energy}>
          {t.outOf(session_data.energy_level, HIGHEST)}
        </Figure>
      )}
    </Figures>
  );
}

/** Of focus and energy. */
const HIGHEST = 10;

/** The XP of a session by part, as a table. */
export function XpTable({ xp }: { xp: Session["xp"] }) {
  const t = useMessages(sessionParts);
  const format = useFormat();
  const parts = [
    { name: t.xpItems, value: xp.items },
    { name: t.xpBonus, value: xp.session_bonus },
    { name: t.xpStreak, value: xp.streak_bonus },
    { name: t.xpTotal, value: xp.total },
    { name: t.xpVerified, value: xp.verified },
  ];
  return (
    <Table
      isNarrow
      rows={parts}
      keyOf={({ name }) => name}
      columns={[
        { heading: t.part, cell: ({ name }) => name },
        { heading: t.xp, isNumber: true, cell: ({ value }) => format.number(value) },
      ]}
    />
  );
}

/** Each practised skill's mastery before the session and after it. */
export function MasteryTable({ mastery }: { mastery: Session["mastery"] }) {
  const t = useMessages(sessionParts);
  const format = useFormat();
  const percent = (value: number) => format.percent(Math.round(value * 100));
  return (
    <Table
      rows={mastery}
      keyOf={({ skill_id }) => skill_id}
      columns={[
        { heading: t.skill, cell: ({ name }) => name },
        { heading: t.before, isNumber: true, cell: ({ before }) => percent(before) },
        { heading: t.after, isNumber: true, cell: ({ after }) => percent(after) },
      ]}
    />
  );
}
