import { PracticeProblem } from "practice-client";
import { useState } from "react";

import { useLanguage, useMessages } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { session as texts } from "@/i18n/session";
import { Button } from "@/ui/button";
import { TextArea } from "@/ui/field";
import { Section } from "@/ui/page";

import { stepsOf } from "./content";
import type { KeptSession } from "./kept";
import { type Edits, type Item, OF_SESSION, type Refused, hasUnsaved } from "./pending";
import { useStepName } from "./step_name";
import { useWorkState } from "./use_work";
import type { SessionWork } from "./work";

/** What was done and typed after the session had ended elsewhere, or was refused: to be copied, not lost. */
export function Unsaved({ work, kept }: { work: SessionWork; kept: KeptSession }) {
  const t = useMessages(texts);
  const { pending } = useWorkState(work);
  const [answers, setAnswers] = useState(() => kept.answers());
  if (!hasUnsaved(pending) && Object.keys(answers).length === 0) return null;
  const { reports, refused } = pending;
  const dismiss = () => {
    work.forget();
    setAnswers({});
  };
  return (
    <Section title={t.unsaved}>
      <p>{t.unsavedText}</p>
      <Reports work={work} reports={reports} />
      <EditsLeft work={work} edits={pending} />
      {Object.entries(answers).map(([key, text]) => (
        <TextArea key={key} readOnly label={t.answerOf(key.slice("q.".length))} value={text} />
      ))}
      <RefusedList work={work} refused={refused} />
      <div className="row">
        <Button onClick={dismiss}>{t.dismiss}</Button>
      </div>
    </Section>
  );
}

/** What was refused while the session goes on. */
export function RefusedWork({ work }: { work: SessionWork }) {
  const t = useMessages(texts);
  const { refused } = useWorkState(work).pending;
  if (refused.length === 0) return null;
  return (
    <Section title={t.refused}>
      <div className="card">
        <p>{t.refusedText}</p>
        <RefusedList work={work} refused={refused} />
        <div className="row">
          <Button onClick={() => work.forgetRefused()}>{t.dismiss}</Button>
        </div>
      </div>
    </Section>
  );
}

function RefusedList({ work, refused }: { work: SessionWork; refused: readonly Refused[] }) {
  const { language } = useLanguage();
  return refused.map(({ key, item, edits, reason, message }) => (
    <div key={key} className="stack">
      {item && <Reports work={work} reports={[{ key, item }]} />}
      {edits && <EditsLeft work={work} edits={edits} />}
      <p className="soft">{problemText(new PracticeProblem(reason, message), language)}</p>
    </div>
  ));
}

function Reports({ work, reports }: { work: SessionWork; reports: readonly { key: string; item: Item }[] }) {
  const t = useMessages(texts);
  const { session, answered } = useWorkState(work);
  const steps = stepsOf(session.session_data, answered);
  const nameOf = useStepName(steps);
  if (reports.length === 0) return null;
  const wordsOf = (item: Item) => {
    const { grade, correct, completed } = item;
    if (grade === "again" || grade === "hard" || grade === "good" || grade === "easy") return t[grade];
    if (typeof correct === "boolean") return correct ? t.wasRight : t.wasWrong;
    return grade == null ? (completed === false ? t.notDone : t.done) : String(grade);
  };
  return (
    <ul>
      {reports.map(({ key, item }) => {
        const step = steps.find(({ nodeId }) => nodeId === item.node_id);
        const name = step ? nameOf(step) : item.node_id;
        return (
          <li key={key}>
            {t.unsavedItem(name, wordsOf(item))}
            {typeof item.answer === "string" && ` (${item.answer})`}
          </li>
        );
      })}
    </ul>
  );
}

function EditsLeft({ work, edits }: { work: SessionWork; edits: Edits }) {
  const t = useMessages(texts);
  const { sections = [] } = useWorkState(work).session.session_data;
  const minutes = Object.entries(edits.minutes).filter(([, value]) => value !== null);
  return (
    <>
      {Object.entries(edits.notes).map(([key, { text }]) => (
        <TextArea
          key={key}
          readOnly
          label={key === OF_SESSION ? t.notes : t.notesOn(key.split(".").slice(2).join("."))}
          value={text}
        />
      ))}
      {minutes.length > 0 && (
        <ul>
          {minutes.map(([index, value]) => (
            <li key={index}>
              {t.unsavedItem(t.actualOf(sections[Number(index)]?.name ?? ""), String(value))}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
