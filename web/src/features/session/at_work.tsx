import "./session.css";

import { useState } from "react";

import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { OriginBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page, Progress } from "@/ui/page";

import { Timer } from "./clock";
import { countDone, stepAfter, stepsOf } from "./content";
import { CurrentStep } from "./current_step";
import { DiscardDialog } from "./discard_dialog";
import { FinishDialog } from "./finish_dialog";
import { Finishing } from "./finishing";
import { Notes } from "./notes";
import { OF_SESSION, shownContent } from "./pending";
import { Saved } from "./saved";
import { StepList } from "./step_list";
import { RefusedWork } from "./unsaved";
import { useCurrent } from "./use_current";
import { useWorkState } from "./use_work";
import type { Watch } from "./watch";
import type { SessionWork } from "./work";

export function AtWork({ work, watch }: { work: SessionWork; watch: Watch }) {
  const t = useMessages(texts);
  const state = useWorkState(work);
  const { session, pending } = state;
  const content = shownContent(session.session_data, pending);
  const steps = stepsOf(content, state.answered);
  const { current, heading, news, turnTo, report } = useCurrent(steps, work, watch);
  const [dialog, setDialog] = useState<"finish" | "discard" | null>(null);
  const done = countDone(steps);
  const isAllDone = done === steps.length;

  if (pending.finish) return <Finishing work={work} />;
  return (
    <Page
      title={session.name}
      actions={
        <Button icon="check" look={isAllDone ? "primary" : undefined} onClick={() => setDialog("finish")}>
          {session.assignment ? t.handIn : t.finish}
        </Button>
      }
    >
      <div className="row between">
        <div className="row">
          <OriginBadge origin={session.origin} />
          <span className="soft small">{steps.length > 0 && t.progress(done, steps.length)}</span>
        </div>
        <div className="row">
          <Timer watch={watch} />
          <Saved saving={state.saving} isStuck={state.error !== undefined} />
        </div>
      </div>
      {steps.length > 0 && <Progress value={done / steps.length} label={t.progress(done, steps.length)} />}
      {state.error !== undefined && <ErrorNotice error={state.error} retry={work.retry} />}
      <RefusedWork work={work} />
      <p className="visually-hidden" role="status">
        {news}
      </p>
      <div className={steps.length > 0 ? "session-work" : "stack"}>
        <div className="stack">
          {isAllDone && (
            <Notice kind={steps.length ? "good" : "info"}>{steps.length ? t.allDone : t.empty}</Notice>
          )}
          {current && (
            <CurrentStep
              key={current.key}
              step={current}
              sessionId={session.session_id}
              steps={steps}
              content={content}
              heading={heading}
              watch={watch}
              canSkip={steps.some((step) => !step.isDone && step.key !== current.key)}
              onReport={report}
              onSkip={() => turnTo(stepAfter(steps, current.key), true)}
              onWrite={(text) => work.write(current.key, text)}
              hasKeys={dialog === null}
            />
          )}
          <div className="card">
            <Notes
              label={t.notes}
              hint={t.notesHint}
              text={content.notes ?? ""}
              onWrite={(text) => work.write(OF_SESSION, text)}
            />
          </div>
        </div>
        {steps.length > 0 && (
          <StepList
            content={content}
            steps={steps}
            current={current?.key ?? null}
            watch={watch}
            onChoose={(step) => turnTo(step, true)}
          />
        )}
      </div>
      {/* What a class was assigned is handed in, never discarded. */}
      {!session.assignment && (
        <div className="row">
          <Button look="quiet" icon="trash" onClick={() => setDialog("discard")}>
            {t.discard}
          </Button>
        </div>
      )}
      {dialog === "finish" && (
        <FinishDialog
          session={session}
          work={work}
          watch={watch}
          content={content}
          steps={steps}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "discard" && <DiscardDialog work={work} onClose={() => setDialog(null)} />}
    </Page>
  );
}
