import { useRef, useState } from "react";

import { useLanguage, useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { questionImport } from "@/i18n/question_import";
import { questionNotes } from "@/i18n/question_notes";
import { checks } from "@/i18n/template_checks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Select } from "@/ui/field";
import { Notice } from "@/ui/notice";

import { saveFile } from "../files";
import { type FoundQuestion, withQuestions } from "../model/csv";
import type { Draft } from "../model/draft";
import { sampleCsv } from "../model/parse_csv";
import { type Found, questionsOfFile } from "../questions/file";
import { useActions } from "./contexts";
import { FileChoice } from "./file_choice";

const NEW = "";
const SHOWN = 50;
const ACCEPTED = ".csv,.tsv,.txt,.gift,.xml,.zip,text/csv,text/xml,application/zip";

/** Adds the questions of a file. Lines with errors are named; the good ones can be taken alone. */
export default function ImportQuestions({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const t = { ...useMessages(templateBuilder), csv: useMessages(questionImport) };
  const { language } = useLanguage();
  const { change, tell } = useActions();
  const [found, setFound] = useState<Found | null>(null);
  const [isReading, setIsReading] = useState(false);
  const latest = useRef<File>(null);
  const [section, setSection] = useState(draft.sections.at(-1)?.key ?? NEW);
  const texts = { csv: t.csv, notes: questionNotes[language], checks: checks[language] };
  const open = async (file: File) => {
    latest.current = file;
    setFound(null);
    setIsReading(true);
    const read = await questionsOfFile(file, draft, texts);
    // Another file may have been chosen while this one was read.
    if (latest.current !== file) return;
    setFound(read);
    setIsReading(false);
  };
  const take = (questions: readonly FoundQuestion[]) => {
    change((before) => withQuestions(before, section || null, questions, t.csv.newSectionName));
    tell(t.csv.taken(questions.length));
    onClose();
  };
  return (
    <Dialog title={t.importQuestions} isOpen wide onClose={onClose}>
      <p>{t.csv.text}</p>
      <div className="row">
        <Button small icon="download" onClick={() => saveFile("questions.csv", "text/csv", sampleCsv())}>
          {t.csv.sample}
        </Button>
      </div>
      <FileChoice label={t.csv.choose} accept={ACCEPTED} onFile={open} />
      {isReading && <Notice>{t.csv.reading}</Notice>}
      {found && found.questions.length === 0 && found.problems.length === 0 && (
        <Notice kind="warn">{t.csv.nothing}</Notice>
      )}
      {found && found.problems.length > 0 && <Problems found={found} />}
      {found && found.questions.length > 0 && (
        <>
          <Notice kind="good">{t.csv.found(found.questions.length)}</Notice>
          {found.changes.length > 0 && <Changes found={found} />}
          <Select label={t.csv.into} value={section} onChange={({ target }) => setSection(target.value)}>
            {draft.sections.map(({ key, name }) => (
              <option key={key} value={key}>
                {name || t.unnamedSection}
              </option>
            ))}
            <option value={NEW}>{t.csv.newSection}</option>
          </Select>
          <div className="row">
            <Button look="primary" onClick={() => take(found.questions)}>
              {t.csv.take(found.questions.length)}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function Problems({ found: { problems, files } }: { found: Found }) {
  const t = useMessages(questionImport);
  const count = new Set(problems.map(({ line }) => line)).size;
  const hasColumns = problems.some(({ column }) => column !== undefined);
  return (
    <>
      <Notice kind="bad">{files.size ? t.fileProblems(count) : t.problems(count)}</Notice>
      <LineTable
        heads={[files.size ? t.file : t.line, ...(hasColumns ? [t.column] : []), t.problem]}
        rows={problems.map(({ line, column, message }) => [
          files.get(line) ?? line,
          ...(hasColumns ? [column ?? ""] : []),
          message,
        ])}
      />
    </>
  );
}

function Changes({ found: { changes, files } }: { found: Found }) {
  const t = useMessages(questionImport);
  return (
    <>
      <Notice kind="warn">{t.changes(new Set(changes.map(({ line }) => line)).size)}</Notice>
      <LineTable
        heads={[files.size ? t.file : t.line, t.change]}
        rows={changes.map(({ line, message }) => [files.get(line) ?? line, message])}
      />
    </>
  );
}

function LineTable({ heads, rows }: { heads: string[]; rows: (string | number)[][] }) {
  const t = useMessages(templateBuilder);
  return (
    <div className="table-frame">
      <table className="table table-cards">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((cells, index) => (
            <tr key={index}>
              {cells.map((cell, column) => (
                <td key={column} data-label={heads[column]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && <p>{t.moreProblems(rows.length - SHOWN)}</p>}
    </div>
  );
}
