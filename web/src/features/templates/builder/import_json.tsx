import { useState } from "react";

import { useLanguage, useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { templateImport } from "@/i18n/template_import";
import { checks } from "@/i18n/template_checks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Notice } from "@/ui/notice";

import { checkDraft, type Problem } from "../model/check";
import { type Draft, totalMinutes } from "../model/draft";
import { countQuestions } from "../model/changes";
import { type Misfit, draftOf } from "../model/read";
import { useActions } from "./contexts";
import { FileChoice } from "./file_choice";

const SHOWN = 50;

type Read =
  | { kind: "good"; draft: Draft; hasStudents: boolean }
  | { kind: "bad"; problems: Pick<Problem, "path" | "message">[] }
  | { kind: "no JSON" };

/** Replaces the draft by a file, once the file is found to be a template. */
export default function ImportJson({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const t = useMessages(templateBuilder);
  const ofFile = useMessages(templateImport);
  const { language, format } = useLanguage();
  const { change, tell } = useActions();
  const [read, setRead] = useState<Read | null>(null);
  const open = async (file: File) => setRead(readJson(await file.text(), checks[language]));
  const take = (found: Extract<Read, { kind: "good" }>) => {
    // A file without students leaves those that the template has.
    const students = found.hasStudents ? {} : { students: draft.students };
    change(() => ({ ...found.draft, ...students }));
    tell(ofFile.taken);
    onClose();
  };
  return (
    <Dialog title={t.importJson} isOpen onClose={onClose}>
      <p>{ofFile.text}</p>
      <FileChoice label={ofFile.choose} accept=".json,application/json" onFile={open} />
      {read?.kind === "no JSON" && <Notice kind="bad">{ofFile.noJson}</Notice>}
      {read?.kind === "bad" && (
        <>
          <Notice kind="bad">{ofFile.problems(read.problems.length)}</Notice>
          <ul className="problem-list small">
            {read.problems.slice(0, SHOWN).map(({ path, message }, index) => (
              <li key={index}>
                <code>{path}</code>: {message}
              </li>
            ))}
          </ul>
        </>
      )}
      {read?.kind === "good" && (
        <>
          <Notice kind="good">
            {read.draft.name}:{" "}
            {ofFile.found(
              t.sectionCount(read.draft.sections.length),
              t.questionCount(countQuestions(read.draft.sections)),
              format.minutes(totalMinutes(read.draft) ?? 0),
            )}
          </Notice>
          <div className="row">
            <Button look="primary" onClick={() => take(read)}>
              {ofFile.replace}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function readJson(text: string, t: (typeof checks)["en"]): Read {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return { kind: "no JSON" };
  }
  const { draft, misfits } = draftOf(value);
  const unfit = misfits.map(({ path, expected }) => ({
    path: path || "–",
    message: expectation(expected, t),
  }));
  const isMissing = typeof value !== "object" || value === null || !("template_data" in value);
  if (isMissing && !unfit.some(({ path }) => path === "template_data"))
    unfit.push({ path: "template_data", message: t.noObject });
  if (unfit.length) return { kind: "bad", problems: unfit };
  const problems = checkDraft(draft, t);
  if (problems.length) return { kind: "bad", problems };
  return { kind: "good", draft, hasStudents: (value as { student_ids?: unknown }).student_ids !== undefined };
}

function expectation(expected: Misfit["expected"], t: (typeof checks)["en"]): string {
  return {
    text: t.noText,
    number: t.noNumber,
    list: t.noList,
    object: t.noObject,
    kind: t.noKind,
    visibility: t.noVisibility,
  }[expected];
}
