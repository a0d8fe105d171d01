import type { LoggedItem, Session } from "practice-client";
import { useEffect, useRef, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { teach } from "@/i18n/teach";
import { Button } from "@/ui/button";
import { MeterBar } from "@/ui/charts/meter";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Progress, Section } from "@/ui/page";

import { type Missed, type MissedQuestion, missedOf } from "./missed";

const MOST_SESSIONS = 30;
/** Answers of one session. The client reads one document more, to know whether there are more. */
const ITEMS = 99;
const AT_ONCE = 4;
const SHOWN = 20;

type State =
  | { step: "idle" }
  | { step: "reading"; done: number; all: number }
  | { step: "failed"; error: unknown }
  | { step: "done"; missed: Missed; sessions: number; cut: number };

/** Read when it is asked for: every answer is a document. */
export function MissedQuestions({ sessions }: { sessions: readonly Session[] }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const { driver } = useBackEnd();
  const [state, setState] = useState<State>({ step: "idle" });
  // A reading whose number is not this one any more was cancelled.
  const run = useRef(0);
  useEffect(
    () => () => {
      run.current += 1;
    },
    [],
  );
  const chosen = latestWithQuestions(sessions).slice(0, MOST_SESSIONS);

  const read = async () => {
    const own = (run.current += 1);
    const waiting = chosen.map(({ session_id }) => session_id);
    const all = waiting.length;
    const items: LoggedItem[] = [];
    let done = 0;
    let cut = 0;
    setState({ step: "reading", done, all });
    const readSome = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const page = await driver.sessions.items(id, { limit: ITEMS });
        if (run.current !== own) return;
        items.push(...page.entries);
        done += 1;
        cut += page.next ? 1 : 0;
        setState({ step: "reading", done, all });
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, readSome));
      if (run.current === own) setState({ step: "done", missed: missedOf(items), sessions: all, cut });
    } catch (error) {
      if (run.current !== own) return;
      run.current += 1;
      setState({ step: "failed", error });
    }
  };
  const cancel = () => {
    run.current += 1;
    setState({ step: "idle" });
  };

  if (chosen.length === 0)
    return (
      <Section title={t.missed}>
        <EmptyState>{t.noQuestions}</EmptyState>
      </Section>
    );
  const isReading = state.step === "reading";
  return (
    <Section title={t.missed}>
      <p className="soft">{t.missedAbout(chosen.length, chosen.length * (ITEMS + 1))}</p>
      <div className="row">
        <Button icon="eye" isBusy={isReading} onClick={() => void read()}>
          {state.step === "done" ? t.readAgain : t.findMissed}
        </Button>
        {isReading && <Button onClick={cancel}>{words.cancel}</Button>}
      </div>
      {isReading && (
        <>
          <Progress value={state.done / state.all} label={t.missed} />
          <p role="status">{t.reading(state.done, state.all)}</p>
        </>
      )}
      {state.step === "failed" && <ErrorNotice error={state.error} retry={() => void read()} />}
      {state.step === "done" && <Found {...state} />}
    </Section>
  );
}

/** Of each student the latest session that has answers. */
function latestWithQuestions(sessions: readonly Session[]): Session[] {
  const byStudent = new Map<string, Session>();
  for (const session of sessions) {
    const known = byStudent.get(session.student_id);
    if (session.total_questions > 0 && (!known || known.started_at < session.started_at))
      byStudent.set(session.student_id, session);
  }
  return [...byStudent.values()].sort((one, two) => two.started_at.localeCompare(one.started_at));
}

function Found({ missed, sessions, cut }: { missed: Missed; sessions: number; cut: number }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const [most, setMost] = useState(SHOWN);
  const { answers, questions, neverMissed } = missed;
  return (
    <>
      <p role="status">
        {t.missedFrom(answers, sessions)} {neverMissed > 0 && t.neverMissed(neverMissed)}{" "}
        {cut > 0 && t.cut(cut, ITEMS)}
      </p>
      {questions.length === 0 ? (
        <EmptyState>{t.nothingMissed}</EmptyState>
      ) : (
        <MissedTable questions={questions.slice(0, most)} />
      )}
      {questions.length > most && (
        <div className="row">
          <Button onClick={() => setMost(most + SHOWN)}>{words.more}</Button>
        </div>
      )}
    </>
  );
}

function MissedTable({ questions }: { questions: MissedQuestion[] }) {
  const t = useMessages(teach);
  const format = useFormat();
  return (
    <div className="table-frame">
      <table className="table table-cards teach-missed">
        <thead>
          <tr>
            <th scope="col">{t.question}</th>
            <th scope="col" className="number">
              {t.asked}
            </th>
            <th scope="col" className="number">
              {t.right}
            </th>
            <th scope="col" className="number">
              {t.wrong}
            </th>
            <th scope="col">{t.rightAnswer}</th>
            <th scope="col">{t.wrongAnswers}</th>
          </tr>
        </thead>
        <tbody>
          {questions.map(({ key, text, asked, right, wrong, rightAnswer, wrongAnswers }) => (
            <tr key={key}>
              <th scope="row">{text}</th>
              <td data-label={t.asked} className="number">
                {format.number(asked)}
              </td>
              <td data-label={t.right} className="number">
                {format.number(right)}
              </td>
              <td data-label={t.wrong} className="number">
                <span className="teach-wrong">
                  {format.number(wrong)}
                  <MeterBar value={wrong / asked} />
                </span>
              </td>
              <td data-label={t.rightAnswer}>{rightAnswer || t.noText}</td>
              <td data-label={t.wrongAnswers}>
                {wrongAnswers.length === 0
                  ? t.noText
                  : format.list(wrongAnswers.map((answer) => t.times(answer.text, answer.count)))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
