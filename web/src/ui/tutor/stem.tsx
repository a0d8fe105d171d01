import type { ToolCall } from "practice-client";

import { useMessages } from "@/i18n";
import { pictures } from "@/i18n/pictures";

import { Picture } from "../picture";
import { RichText } from "../rich_text";

export type Stem = NonNullable<Extract<ToolCall, { name: "question_presentation" }>["args"]["stem"]>;
type Shown = Pick<Stem, "text"> & { image?: Parameters<typeof Picture>[0]["image"] | null };

/** What several questions are about, in front of each of them. */
export function StemText({ stem, id }: { stem: Shown; id?: string }) {
  return (
    <div className="stack stem" {...(id ? { id } : {})}>
      <RichText text={stem.text} />
      {stem.image && <Picture image={stem.image} />}
    </div>
  );
}

/** The same where it was read before: to be opened. */
export function FoldedStem({ stem }: { stem: Shown }) {
  const t = useMessages(pictures);
  return (
    <details className="folded-stem">
      <summary>{t.stem}</summary>
      <StemText stem={stem} />
    </details>
  );
}
