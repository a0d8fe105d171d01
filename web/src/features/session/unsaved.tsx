import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Button } from "@/ui/button";
import { TextArea } from "@/ui/field";
import { Section } from "@/ui/page";

import { OF_SESSION, isEmpty } from "./pending";
import { useWorkState } from "./use_work";
import type { SessionWork } from "./work";

/** What was done and typed after the session had ended elsewhere: to be copied, not lost. */
export function Unsaved({ work }: { work: SessionWork }) {
  const t = useMessages(texts);
  const { pending } = useWorkState(work);
  if (isEmpty({ ...pending, finish: null })) return null;
  return (
    <Section title={t.unsaved}>
      <p>{t.unsavedText}</p>
      {pending.reports.length > 0 && (
        <ul>
          {pending.reports.map(({ key, item }) => (
            <li key={key}>
              {item.grade == null ? item.node_id : t.unsavedItem(item.node_id, gradeText(item.grade))}
            </li>
          ))}
        </ul>
      )}
      {Object.entries(pending.notes).map(([key, { text }]) => (
        <TextArea
          key={key}
          readOnly
          label={key === OF_SESSION ? t.notes : t.notesOn(key.split(".").slice(2).join("."))}
          value={text}
        />
      ))}
      <div className="row">
        <Button onClick={() => work.forget()}>{t.dismiss}</Button>
      </div>
    </Section>
  );

  function gradeText(grade: string | number): string {
    return grade === "again" || grade === "hard" || grade === "good" || grade === "easy"
      ? t[grade]
      : String(grade);
  }
}
