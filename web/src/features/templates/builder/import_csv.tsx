import { useState } from "react";

import { useLanguage, useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { checks } from "@/i18n/template_checks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Select } from "@/ui/field";
import { Notice } from "@/ui/notice";

import { saveFile } from "../files";
import { type Found, questionsOf, withQuestions } from "../model/csv";
import type { Draft } from "../model/draft";
import { decodeText, parseCsv, sampleCsv } from "../model/parse_csv";
import { useActions } from "./contexts";
import { FileChoice } from "./file_choice";

const NEW = "";
const SHOWN = 50;

/** Adds the questions of a spreadsheet. Lines with errors are named; the good ones can be taken alone. */
export default function ImportCsv({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const t = useMessages(templateBuilder);
  const { language } = useLanguage();
  const { change, tell } = useActions();
  const [found, setFound] = useState<Found | null>(null);
  const [section, setSection] = useState(draft.sections.at(-1)?.key ?? NEW);
  const open = async (file: File) =>
    setFound(questionsOf(parseCsv(decodeText(await file.arrayBuffer())), t.csv, checks[language]));
  const take = (questions: Found["questions"]) => {
    change((before) => withQuestions(before, section || null, questions, t.csv.newSectionName));
    tell(t.csv.taken(questions.length));
    onClose();
  };
  return (
    <Dialog title={t.importCsv} isOpen wide onClose={onClose}>
      <p>{t.csv.text}</p>
      <div className="row">
        <Button small icon="download" onClick={() => saveFile("questions.csv", "text/csv", sampleCsv())}>
          {t.csv.sample}
        </Button>
      </div>
      <FileChoice label={t.csv.choose} accept=".csv,.tsv,.txt,text/csv" onFile={open} />
      {found && found.questions.length === 0 && found.problems.length === 0 && (
        <Notice kind="warn">{t.csv.nothing}</Notice>
      )}
      {found && found.problems.length > 0 && <Problems found={found} />}
      {found && found.questions.length > 0 && (
        <>
          <Notice kind="good">{t.csv.found(found.questions.length)}</Notice>
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

function Problems({ found: { problems } }: { found: Found }) {
  const t = useMessages(templateBuilder).csv;
  return (
    <>
      <Notice kind="bad">{t.problems(new Set(problems.map(({ line }) => line)).size)}</Notice>
      <div className="table-frame">
        <table className="table table-cards">
          <thead>
            <tr>
              <th scope="col">{t.line}</th>
              <th scope="col">{t.column}</th>
              <th scope="col">{t.problem}</th>
            </tr>
          </thead>
          <tbody>
            {problems.slice(0, SHOWN).map(({ line, column, message }, index) => (
              <tr key={index}>
                <td data-label={t.line}>{line}</td>
                <td data-label={t.column}>{column}</td>
                <td data-label={t.problem}>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
