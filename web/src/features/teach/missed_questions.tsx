import type { Session } from "practice-client";
import { type Ref, useRef, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { useReading } from "@/data/reading";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { teach } from "@/i18n/teach";
import { Button } from "@/ui/button";
import { MeterBar } from "@/ui/charts/meter";
import { More } from "@/ui/more";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Progress, Section } from "@/ui/page";
import { Table } from "@/ui/table";

import { MOST_ANSWERS, latestWithAnswers, readAnswers } from "./answers";
import { type Missed, type MissedQuestion, missedOf } from "./missed";

import "./teach.css";

const MOST_SESSIONS = 30;
/** Questions shown at first, and that one press adds. */
const SHOWN = 20;

interface FoundProps {
  missed: Missed;
  /** How many were read, and of how many of them not all answers. */
  sessions: number;
  cut: number;
}

/** Read when it is asked for: every answer is a document. */
export function MissedQuestions({ sessions }: { sessions: readonly Session[] }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const { driver } = useBackEnd();
  const chosen = latestWithAnswers(sessions).slice(0, MOST_SESSIONS);
  const all = chosen.length;
  const [done, setDone] = useState(0);
  const [found, setFound] = useState<FoundProps | null>(null);
  const { run, isBusy, error, retry, cancel } = useReading(async (signal) => {
    setDone(0);
    setFound(null);
    const { items, cut } = await readAnswers(driver, chosen, { signal, onRead: setDone });
    setFound({ missed: missedOf(items), sessions: all, cut });
  });
  if (all === 0)
    return (
      <Section title={t.missed}>
        <EmptyState>{t.noQuestions}</EmptyState>
      </Section>
    );
  return (
    <Section title={t.missed}>
      <p className="soft">{t.missedAbout(all, all * (MOST_ANSWERS + 1))}</p>
      <div className="row">
        <Button icon="eye" isBusy={isBusy} onClick={run}>
          {found ? t.readAgain : t.findMissed}
        </Button>
        {isBusy && <Button onClick={cancel}>{words.cancel}</Button>}
      </div>
      {isBusy && (
        <>
          <Progress value={done / all} label={t.missed} />
          <p role="status">{t.reading(done, all)}</p>
        </>
      )}
      {error !== undefined && <ErrorNotice error={error} retry={retry} isRetrying={isBusy} />}
      {found && <Found {...found} />}
    </Section>
  );
}

function Found({ missed, sessions, cut }: FoundProps) {
  const t = useMessages(teach);
  const [most, setMost] = useState(SHOWN);
  const body = useRef<HTMLTableSectionElement>(null);
  const { answers, questions, neverMissed } = missed;
  return (
    <>
      <p role="status">
        {t.missedFrom(answers, sessions)} {neverMissed > 0 && t.neverMissed(neverMissed)}{" "}
        {cut > 0 && t.cut(cut, MOST_ANSWERS)}
      </p>
      {questions.length === 0 ? (
        <EmptyState>{t.nothingMissed}</EmptyState>
      ) : (
        <MissedTable questions={questions.slice(0, most)} body={body} />
      )}
      <More pages={{ hasMore: questions.length > most, readMore: () => setMost(most + SHOWN) }} list={body} />
    </>
  );
}

interface TableProps {
  questions: MissedQuestion[];
  body: Ref<HTMLTableSectionElement>;
}

function MissedTable({ questions, body }: TableProps) {
  const t = useMessages(teach);
  const format = useFormat();
  return (
    <Table
      rows={questions}
      keyOf={({ key }) => key}
      className="teach-missed"
      body={body}
      columns={[
        { heading: t.question, cell: ({ text }) => text },
        { heading: t.asked, isNumber: true, cell: ({ asked }) => format.number(asked) },
        { heading: t.right, isNumber: true, cell: ({ right }) => format.number(right) },
        {
          heading: t.wrong,
          isNumber: true,
          cell: ({ wrong, asked }) => (
            <span className="teach-wrong">
              {format.number(wrong)}
              <MeterBar value={wrong / asked} />
            </span>
          ),
        },
        { heading: t.rightAnswer, cell: ({ rightAnswer }) => rightAnswer || t.noText },
        {
          heading: t.wrongAnswers,
          cell: ({ wrongAnswers }) =>
            wrongAnswers.length === 0
              ? t.noText
              : format.list(wrongAnswers.map(({ text, count }) => t.times(text, count))),
        },
      ]}
    />
  );
}
