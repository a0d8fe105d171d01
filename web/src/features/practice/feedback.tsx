import type { StoredSession, ToolCall } from "practice-client";

import { useEffect } from "react";

import { useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { Icon } from "@/ui/icons";
import { FeedbackCard } from "@/ui/tutor/feedback_card";

import type { Entry } from "./entries";
import { Report } from "./report";
import { useShown } from "./thread";

type Args = Extract<ToolCall, { name: "feedback_presentation" }>["args"];

export const newsIdOf = (entry: Entry) => `news-${entry.id}`;

/**
 * Brings new feedback to the top, so that it is read before the next question: when it comes, and once more
 * when that question has come, because before the page may be too short for it.
 */
export function useScrollToNews(newsId: string | undefined): void {
  useEffect(() => {
    if (newsId) document.getElementById(newsId)?.scrollIntoView({ block: "start" });
  }, [newsId]);
}

/** Answers that the server keeps are in the session's log once the work is handed in. */
const isReportable = (state: StoredSession | undefined) => state?.seal !== "";

/** Feedback, and after the last question of a block how the block went. */
export function Feedback({ entry, args }: { entry: Entry; args: Args }) {
  const t = useMessages(texts);
  const { newsId, practice } = useShown();
  const { about, given, skill, block } = entry;
  useScrollToNews(newsId === newsIdOf(entry) ? newsId : undefined);
  return (
    <div className="stack" id={newsIdOf(entry)} data-news="">
      <FeedbackCard
        feedback={args}
        question={about}
        answer={given}
        skill={skill?.name}
        masteryBefore={skill?.mastery}
      />
      {about &&
        about.kind !== "self_rated" &&
        practice.thread.isStored &&
        isReportable(practice.thread.state) && (
          <Report sessionId={args.session_id} questionId={args.question_id} />
        )}
      {block && !args.withheld && (
        <p className="notice notice-good">
          <Icon name="check" />
          <span className="grow">
            <strong>{t.blockDone}.</strong>{" "}
            {t.blockText(block.title, block.questions_correct, block.questions_answered)}
          </span>
        </p>
      )}
    </div>
  );
}
