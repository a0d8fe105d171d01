import { bounds } from "practice-client/bounds";
import { useEffect, useRef, useState } from "react";

import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";

import { type Step, stepAfter } from "./content";
import { type Item, isDone } from "./pending";
import { useStepName } from "./step_name";
import type { Watch } from "./watch";
import type { SessionWork } from "./work";

const LONGEST_MS = bounds.ReportedItem.duration_ms.maximum;

/** The step in focus: the first unfinished one, until another is chosen. */
export function useCurrent(steps: readonly Step[], work: SessionWork, watch: Watch) {
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
    const duration_ms = Math.min(watch.unreportedMs(current.key), LONGEST_MS);
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
