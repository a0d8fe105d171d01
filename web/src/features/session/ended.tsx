import "./session.css";

import { useStartChecklist } from "@/data/start";
import { useFormat, useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { sessionParts } from "@/i18n/session_parts";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { Figure, Figures } from "@/ui/figures";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page, Section } from "@/ui/page";
import { MasteryTable, XpTable } from "@/ui/session_parts";

import type { KeptSession } from "./kept";
import { Unsaved } from "./unsaved";
import { useWorkState } from "./use_work";
import type { SessionWork } from "./work";

/** The summary of a session, and in words how it ended. */
export function Ended({ work, kept }: { work: SessionWork; kept: KeptSession }) {
  const t = useMessages(texts);
  const { session, endedElsewhere } = useWorkState(work);
  const { status, end_reason, session_id, template_id } = session;
  const isDiscarded = end_reason === "discarded";
  return (
    <Page
      title={session.name}
      actions={
        <>
          {template_id !== null && (
            <Again templateId={template_id} isInfinite={session.mode === "infinite"} />
          )}
          <ButtonLink to={`/sessions/${session_id}`}>{t.details}</ButtonLink>
          <ButtonLink look="quiet" to="/">
            {t.toToday}
          </ButtonLink>
        </>
      }
    >
      <div className="row">
        <OriginBadge origin={session.origin} />
        <StatusBadge status={status} />
      </div>
      {endedElsewhere && <Notice kind="warn">{isDiscarded ? t.discardedElsewhere : t.endedElsewhere}</Notice>}
      {isDiscarded && <Notice>{t.discarded}</Notice>}
      {status === "abandoned" && !isDiscarded && <Notice>{t.stale}</Notice>}
      {!endedElsewhere && status === "completed" && <Notice kind="good">{t.finished}</Notice>}
      <Unsaved work={work} kept={kept} />
      {!isDiscarded && <Summary work={work} />}
    </Page>
  );
}

function Summary({ work }: { work: SessionWork }) {
  const t = useMessages(texts);
  const words = useMessages(sessionParts);
  const format = useFormat();
  const { session } = useWorkState(work);
  const { streak_before, streak_after, score_percent, session_data } = session;
  return (
    <>
      <Section title={t.summary}>
        <Figures>
          <Figure icon="check" name={t.items}>
            {t.outOf(session.items_completed, session.items_count)}
          </Figure>
          <Figure icon="clock" name={t.time}>
            {format.duration(session.time_spent_seconds ?? session.duration_seconds ?? 0)}
          </Figure>
          {score_percent !== null && (
            <Figure
              icon="sessions"
              name={t.score}
              about={t.right(session.questions_correct, session.total_questions)}
            >
              {format.percent(Math.round(score_percent))}
            </Figure>
          )}
          <Figure icon="bolt" name={words.xp}>
            {format.number(session.xp.total)}
          </Figure>
          {streak_after !== null && (
            <Figure
              icon="flame"
              name={t.streak}
              about={streak_after > (streak_before ?? 0) ? t.streakGrew : t.streakSame}
            >
              {t.days(streak_after)}
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
      <div className="session-tables">
        <Section title={words.xp}>
          <XpTable xp={session.xp} />
        </Section>
        {session.mastery.length > 0 && (
          <Section title={words.mastery}>
            <MasteryTable mastery={session.mastery} />
          </Section>
        )}
      </div>
    </>
  );
}

function Again({ templateId, isInfinite }: { templateId: string; isInfinite: boolean }) {
  const t = useMessages(texts);
  const { run: start, isBusy: isStarting, error } = useStartChecklist(templateId);
  if (isInfinite)
    return (
      <ButtonLink look="primary" icon="play" to={`/practice/${templateId}`}>
        {t.again_}
      </ButtonLink>
    );
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} />}
      <Button look="primary" icon="play" isBusy={isStarting} onClick={start}>
        {t.again_}
      </Button>
    </>
  );
}
