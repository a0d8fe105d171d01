import type { LoggedItem, Session } from "practice-client";
import { useRef } from "react";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { sessions as texts } from "@/i18n/sessions";
import { Badge } from "@/ui/badge";
import { More } from "@/ui/more";
import { Card, Section, Skeleton } from "@/ui/page";
import { Picture } from "@/ui/picture";
import { Read } from "@/ui/read";
import { RichText } from "@/ui/rich_text";
import { FoldedStem } from "@/ui/tutor/stem";

import { describe } from "./item";

const PAGE = 30;

export function ItemsLog({ session }: { session: Session }) {
  const t = useMessages(texts);
  const list = useRef<HTMLOListElement>(null);
  const pages = usePages<LoggedItem>(["items", session.session_id], {
    idOf: ({ item_id }) => item_id,
    read: ({ driver }, after) => driver.sessions.items(session.session_id, { limit: PAGE, after }),
  });
  return (
    <Section title={t.itemsLog}>
      <Read read={pages.first} skeleton={<Skeleton height={8} />}>
        {() =>
          pages.entries.length === 0 ? (
            <p className="soft">{t.noItems}</p>
          ) : (
            <>
              <ol role="list" className="sessions-entries" ref={list}>
                {pages.entries.map((item) => (
                  <Entry key={item.item_id} item={item} session={session} />
                ))}
              </ol>
              <More pages={pages} list={list} />
            </>
          )
        }
      </Read>
    </Section>
  );
}

function Entry({ item, session }: { item: LoggedItem; session: Session }) {
  const t = useMessages(texts);
  const format = useFormat();
  const { prompt, answer, correctAnswer } = describe(item, session);
  const isQuestion = typeof item.correct === "boolean";
  const about = [
    format.dateTime(item.completed_at),
    // Entries of older versions lack fields.
    item.duration_ms == null ? "" : format.duration(item.duration_ms / 1_000),
    item.hinted ? t.hinted : "",
    item.verified ? t.verified : t.reported,
  ].filter(Boolean);
  return (
    <Card as="li">
      <div className="row between">
        <h3 className="grow sessions-text" tabIndex={-1}>
          {item.index + 1}.{" "}
          {prompt === null ? <span className="soft">{t.notKept}</span> : <RichText isLine text={prompt} />}
        </h3>
        <div className="row">
          {item.grade && <Badge>{t.grades[item.grade]}</Badge>}
          {isQuestion ? (
            <Badge kind={item.correct ? "good" : "bad"} icon={item.correct ? "check" : "cross"}>
              {item.correct ? t.wasRight : t.wasWrong}
            </Badge>
          ) : (
            <Badge icon={item.completed ? "check" : "cross"}>
              {item.completed ? t.itemDone : t.itemNotDone}
            </Badge>
          )}
        </div>
      </div>
      {item.stem && <FoldedStem stem={item.stem} />}
      {item.image && <Picture image={item.image} />}
      {isQuestion && (
        <dl className="sessions-facts">
          <dt>{t.answer}</dt>
          <dd className="sessions-text">{answer ?? <span className="soft">{t.noAnswer}</span>}</dd>
          {correctAnswer !== null && (
            <>
              <dt>{t.correct}</dt>
              <dd className="sessions-text">{correctAnswer}</dd>
            </>
          )}
          {item.feedback && (
            <>
              <dt>{t.feedback}</dt>
              <dd>
                <RichText text={item.feedback} />
              </dd>
            </>
          )}
        </dl>
      )}
      {item.notes && <p className="sessions-text">{item.notes}</p>}
      <p className="soft small">{about.join(" · ")}</p>
    </Card>
  );
}
