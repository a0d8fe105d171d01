import "./session.css";

import { useStartChecklist } from "@/data/start";
import { useFormat, useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { sessionParts } from "@/i18n/session_parts";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page, Section } from "@/ui/page";
import { MasteryTable, SessionFigures, XpTable } from "@/ui/session_parts";
import { workPlace } from "@/ui/session_progress";

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
          {session.assignment && (
            <ButtonLink look="primary" icon="assigned" to={workPlace(session)}>
              {t.toAssignment}
            </ButtonLink>
          )}
          {template_id !== null && !session.assignment && (
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
  return (
    <>
      <Section title={t.summary}>
        <SessionFigures
          session={session}
          time={format.duration(session.time_spent_seconds ?? session.duration_seconds ?? 0)}
        />
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
        {t.practiseAgain}
      </ButtonLink>
    );
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} />}
      <Button look="primary" icon="play" isBusy={isStarting} onClick={start}>
        {t.practiseAgain}
      </Button>
    </>
  );
}
