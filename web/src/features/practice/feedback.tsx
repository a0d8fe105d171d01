import type { ToolCall } from "practice-client";

import { useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { Icon } from "@/ui/icons";
import { FeedbackCard } from "@/ui/tutor/feedback_card";

import type { Entry } from "./entries";

type Args = Extract<ToolCall, { name: "feedback_presentation" }>["args"];

export const newsIdOf = (entry: Entry) => `news-${entry.id}`;

/** Feedback, and after the last question of a block how the block went. */
export function Feedback({ entry, args }: { entry: Entry; args: Args }) {
  const t = useMessages(texts);
  const { about, skill, block } = entry;
  return (
    <div className="stack" id={newsIdOf(entry)} data-news="">
      <FeedbackCard feedback={args} question={about} skill={skill?.name} masteryBefore={skill?.mastery} />
      {block && (
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
