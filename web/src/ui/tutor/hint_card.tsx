import type { ToolCall } from "practice-client";

import { useMessages } from "@/i18n";
import { tutor } from "@/i18n/tutor";

import { Icon } from "../icons";
import { RichText } from "../rich_text";
import "./tutor.css";

export type Hint = Pick<Extract<ToolCall, { name: "hint_presentation" }>["args"], "hint" | "hints_left">;

export function HintCard({ hint }: { hint: Hint }) {
  const t = useMessages(tutor);
  return (
    <article className="card verdict verdict-hint">
      <p className="verdict-head">
        <Icon name="hint" />
        <strong>{t.hint}</strong>
        {hint.hint !== null && <span className="soft small">{t.hintsLeft(hint.hints_left)}</span>}
      </p>
      <RichText text={hint.hint ?? t.noHint} />
    </article>
  );
}
