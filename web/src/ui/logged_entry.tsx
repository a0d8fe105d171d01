import type { LoggedItem, Session } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { sessions as texts } from "@/i18n/sessions";

import { Badge } from "./badge";
import "./logged_entry.css";
import { describe } from "./logged_item";
import { Card } from "./page";
import { Picture } from "./picture";
import { RichText } from "./rich_text";
import { FoldedStem } from "./tutor/stem";

/** An entry of a session's log: the question, the answer, and what was said about it. */
export function LoggedEntry({ item, session }: { item: LoggedItem; session: Session }) {
  const t = useMessages(texts);
  const format = useFormat();
  const { prompt, answer, correctAnswer } = describe(item, session);
  const isGraded = typeof item.correct === "boolean";
  // A turn that could not grade an answer logs it all the same.
  const isQuestion = isGraded || item.verified;
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
        <h3 className="grow logged-text" tabIndex={-1}>
          {item.index + 1}.{" "}
          {prompt === null ? <span className="soft">{t.notKept}</span> : <RichText isLine text={prompt} />}
        </h3>
        <div className="row">
          {item.grade && <Badge>{t.grades[item.grade]}</Badge>}
          {isGraded ? (
            <Badge kind={item.correct ? "good" : "bad"} icon={item.correct ? "check" : "cross"}>
              {item.correct ? t.wasRight : t.wasWrong}
            </Badge>
          ) : isQuestion ? (
            <Badge>{t.notGraded}</Badge>
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
        <dl className="logged-facts">
          <dt>{t.answer}</dt>
          <dd className="logged-text">{answer ?? <span className="soft">{t.noAnswer}</span>}</dd>
          {correctAnswer !== null && (
            <>
              <dt>{t.correct}</dt>
              <dd className="logged-text">{correctAnswer}</dd>
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
      {item.notes && <p className="logged-text">{item.notes}</p>}
      <p className="soft small">{about.join(" · ")}</p>
    </Card>
  );
}
