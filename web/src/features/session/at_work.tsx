import "./session.css";

import { useEffect, useRef, useState } from "react";

import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { OriginBadge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page, Progress } from "@/ui/page";

import { Clock } from "./clock";
import { type Step, countDone, stepAfter, stepsOf } from "./content";
import { CurrentStep } from "./current_step";
import { DiscardDialog } from "./discard_dialog";
import { FinishDialog } from "./finish_dialog";
import { Notes } from "./notes";
import { OF_SESSION, type Item, isDone, shownContent } from "./pending";
import { Saved } from "./saved";
import { StepList } from "./step_list";
import { useStepName } from "./step_name";
import { useTimes, useWorkState } from "./use_work";
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
          {t.finish}
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
      <div className="row">
        <Button look="quiet" icon="trash" onClick={() => setDialog("discard")}>
          {t.discard}
        </Button>
      </div>
      {dialog === "finish" && (
        <FinishDialog
          sessionId={session.session_id}
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

function Timer({ watch }: { watch: Watch }) {
  const t = useMessages(texts);
  const { isRunning } = useTimes(watch);
  return (
    <>
      <Clock watch={watch} label={t.timer} />
      <Button small icon={isRunning ? "pause" : "play"} onClick={() => watch.toggle()}>
        {isRunning ? t.pause : t.continue}
      </Button>
    </>
  );
}

/** The completion is on its way; it waits for the network where there is none. */
function Finishing({ work }: { work: SessionWork }) {
  const t = useMessages(texts);
  const { session, saving, error } = useWorkState(work);
  return (
    <Page title={session.name} narrow>
      {error !== undefined && <ErrorNotice error={error} retry={work.retry} />}
      <Notice
        actions={
          saving === "waiting" && (
            <Button small onClick={() => work.withdrawFinish()}>
              {t.withdraw}
            </Button>
          )
        }
      >
        {saving === "waiting" ? t.wait : t.finishing}
      </Notice>
    </Page>
  );
}

/** The step in focus: the first unfinished one, until another is chosen. */
function useCurrent(steps: readonly Step[], work: SessionWork, watch: Watch) {
  const t = useMessages(texts);
  const nameOf = useStepName(steps);
  const [chosen, setChosen] = useState(() => watch.getTimes().current);
  const [news, setNews] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const wantsFocus = useRef(false);
  const current = steps.find((step) => step.key === chosen) ?? stepAfter(steps, null);
  const key = current?.key ?? null;

  useEffect(() => watch.turnTo(key), [watch, key]);
  useEffect(() => {
    if (wantsFocus.current) heading.current?.focus();
    wantsFocus.current = false;
  }, [key]);

  const turnTo = (step: Step | undefined, focus: boolean) => {
    wantsFocus.current = focus && step?.key !== key;
    setChosen(step?.key ?? null);
  };
  const report = (item: Omit<Item, "node_id" | "duration_ms">, how: string) => {
    if (!current) return;
    const duration_ms = Math.min(watch.unreportedMs(current.key), 86_400_000);
    watch.restart(current.key);
    const reported = { ...item, node_id: current.nodeId, duration_ms };
    work.report(reported);
    const isSettled = isDone(reported) || typeof item.correct === "boolean";
    const after = steps.map((step) => (step.key === current.key ? { ...step, isDone: isSettled } : step));
    const next = item.completed === false ? current : stepAfter(after, current.key);
    const name = nameOf(current);
    setNews(next ? t.reported(name, how, nameOf(next)) : t.reportedLast(name, how));
    turnTo(next ?? current, true);
  };
  return { current, heading, news, turnTo, report };
}
