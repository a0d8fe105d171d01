import type { LoggedItem, Session } from "practice-client";
import { useRef } from "react";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { sessions as texts } from "@/i18n/sessions";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Card, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { describe } from "./item";

const PAGE = 30;

export function ItemsLog({ session }: { session: Session }) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const list = useRef<HTMLOListElement>(null);
  const { first, entries, hasMore, more, isLoadingMore, moreError } = usePages(
    ["items", session.session_id],
    ({ driver }, after) => driver.sessions.items(session.session_id, { limit: PAGE, after }),
    ({ item_id }) => item_id,
  );
  return (
    <Section title={t.log_}>
      <Read read={first} skeleton={<Skeleton height={8} />}>
        {() =>
          entries.length === 0 ? (
            <p className="soft">{t.noItems}</p>
          ) : (
            <>
              <ol role="list" className="sessions-entries" ref={list}>
                {entries.map((item) => (
                  <Entry key={item.item_id} item={item} session={session} />
                ))}
              </ol>
              {moreError !== undefined && <ErrorNotice error={moreError} />}
              {hasMore && (
                <div className="row">
                  <Button
                    icon="down"
                    isBusy={isLoadingMore}
                    onClick={() => {
                      // The button may go: the focus stays at the end of what was read before.
                      list.current
                        ?.querySelector<HTMLElement>("li:last-child h3")
                        ?.focus({ preventScroll: true });
                      more();
                    }}
                  >
                    {words.more}
                  </Button>
                </div>
              )}
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
          {item.index + 1}. {prompt ?? <span className="soft">{t.notKept}</span>}
        </h3>
        <div className="row">
          {item.grade && <Badge>{t.grades[item.grade]}</Badge>}
          {isQuestion ? (
            <Badge kind={item.correct ? "good" : "bad"} icon={item.correct ? "check" : "cross"}>
              {item.correct ? t.wasRight : t.wasWrong}
            </Badge>
          ) : (
            <Badge icon={item.completed ? "check" : "cross"}>{item.completed ? t.done_ : t.notDone}</Badge>
          )}
        </div>
      </div>
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
              <dd className="sessions-text">{item.feedback}</dd>
            </>
          )}
        </dl>
      )}
      {item.notes && <p className="sessions-text">{item.notes}</p>}
      <p className="soft small">{about.join(" · ")}</p>
    </Card>
  );
}
