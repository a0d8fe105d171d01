/** The notes that are typed to finish a practice: kept until they are stored. */

import { useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { localNames, readLocal, writeLocal } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { Button } from "@/ui/button";
import { TextArea } from "@/ui/field";
import { Section } from "@/ui/page";

const beginningOf = (templateId: string) => `practice.notes.${templateId}.`;

/** The name under which the notes of a session are kept. */
export function notesSlot(templateId: string, sessionId: string): string {
  return `${beginningOf(templateId)}${sessionId}`;
}

/** Notes by their name, of all sessions of the template; with `of` of that session alone. */
function notesLeft(uid: string, templateId: string, of?: string): [name: string, notes: string][] {
  const names = of === undefined ? localNames(uid, beginningOf(templateId)) : [notesSlot(templateId, of)];
  return names.flatMap<[string, string]>((name) => {
    const notes = readLocal(uid, name);
    return typeof notes === "string" && notes.trim() ? [[name, notes]] : [];
  });
}

interface Props {
  templateId: string;
  /** The session that goes on: its notes are not lost. */
  active?: string | undefined;
  /** The only session whose notes are shown, and the notes that it has. */
  ended?: { sessionId: string; notes: string | null | undefined };
}

/** Notes whose session ended before they were stored: to be copied. */
export function NotesLeft({ templateId, active, ended }: Props) {
  const t = useMessages(texts);
  const { uid } = useBackEnd();
  const [, setDismissed] = useState(0);
  const left = notesLeft(uid, templateId, ended?.sessionId).filter(
    ([name, notes]) =>
      (active === undefined || name !== notesSlot(templateId, active)) && notes !== ended?.notes,
  );
  if (left.length === 0) return null;
  const dismiss = () => {
    for (const [name] of left) writeLocal(uid, name, undefined);
    setDismissed((count) => count + 1);
  };
  return (
    <Section title={t.notesLeft}>
      <div className="card">
        <p>{t.notesLeftText}</p>
        {left.map(([name, notes]) => (
          <TextArea key={name} readOnly label={t.notes} value={notes} />
        ))}
        <div className="row">
          <Button onClick={dismiss}>{t.dismiss}</Button>
        </div>
      </div>
    </Section>
  );
}
