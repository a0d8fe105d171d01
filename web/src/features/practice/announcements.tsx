import { useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";

import type { Thread } from "./use_practice";

/** What is happening, seen and read aloud: the region is always there, and its text changes. */
export function Announcements({ thread, label }: { thread: Thread; label: string }) {
  const t = useMessages(texts);
  const hint = thread.status === "ready" ? latestHint(thread) : undefined;
  const text = textOf(thread, t);
  // The outline is seen in its place; a line below it would jump when the practice is there.
  const isOutlined = thread.status === "opening" && !thread.working;
  return (
    <div role="status" aria-label={label}>
      {text && (
        <p className={isOutlined ? "visually-hidden" : "working"}>
          <span className="working-dot" aria-hidden="true" />
          {text}
        </p>
      )}
      {!text && hint && <p className="visually-hidden">{t.hint(hint)}</p>}
    </div>
  );
}

function textOf(
  { status, failed, working, input, streamed }: Thread,
  t: (typeof texts)["en"],
): string | undefined {
  if (working === "generating_block") return t.generating;
  if (working === "grading") return t.grading;
  if (status === "opening") return failed ? undefined : t.opening;
  if (status === "taking" && input?.type === "answer" && !streamed.length) return t.sending;
  return undefined;
}

/** The hint to the pending question, which is read aloud while the focus stays where it is. */
function latestHint({ entries }: Thread): string | undefined {
  const last = entries.at(-1)?.call;
  return last?.name === "hint_presentation" ? (last.args.hint ?? undefined) : undefined;
}
