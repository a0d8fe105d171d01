/** The questions of a file that a person chose, in any format that is read. */

import type { checks } from "@/i18n/template_checks";
import type { questionNotes } from "@/i18n/question_notes";

import { checkQuestion } from "../model/check";
import { type CsvTexts, type FoundQuestion, type LineProblem, questionsOf } from "../model/csv";
import { type Draft, KINDS } from "../model/draft";
import { decodeText, parseCsv } from "../model/parse_csv";
import { questionFrom } from "../model/read";
import { readGift } from "./gift";
import { FileRefused, type Item, type Note, Refused } from "./item";
import { readMoodle } from "./moodle";
import { isQtiItem, parseXml } from "./xml";

const MEGABYTE = 1024 * 1024;
const MAX_MEGABYTES = 50;

export interface LineChange {
  line: number;
  message: string;
}

export interface Found {
  questions: FoundQuestion[];
  problems: LineProblem[];
  /** What was changed in questions that are taken. */
  changes: LineChange[];
  /** Of QTI the file of each line, which is the number of an item there. */
  files: ReadonlyMap<number, string>;
}

interface Texts {
  csv: CsvTexts;
  notes: (typeof questionNotes)["en"];
  checks: (typeof checks)["en"];
}

export async function questionsOfFile(file: File, draft: Draft, t: Texts): Promise<Found> {
  try {
    if (file.size > MAX_MEGABYTES * MEGABYTE) throw new FileRefused("big_file", String(MAX_MEGABYTES));
    return withoutPresent(await read(file.name, await file.arrayBuffer(), t), draft, t);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return {
      questions: [],
      problems: [{ line: 1, column: undefined, message: sentence(error.note, t) }],
      changes: [],
      files: new Map(),
    };
  }
}

async function read(name: string, bytes: ArrayBuffer, t: Texts): Promise<Found> {
  const items = await itemsOf(name, bytes);
  if (items) return fromItems(items, baseName(name), t);
  return { ...questionsOf(parseCsv(decodeText(bytes)), t.csv, t.checks), changes: [], files: new Map() };
}

/** null for a spreadsheet. */
async function itemsOf(name: string, bytes: ArrayBuffer): Promise<Item[] | null> {
  const binary = new Uint8Array(bytes);
  if (isPackage(name, binary)) {
    const { readPackage } = await loaded(import("./qti_package"));
    return readPackage(binary);
  }
  const text = decodeText(bytes).replace(/^\uFEFF/, "");
  if (!isXml(name, text)) return isGift(name, text) ? readGift(text) : null;
  const xml = parseXml(binary);
  if (!isQtiItem(xml.root)) return readMoodle(xml);
  const { readQtiItem } = await loaded(import("./qti"));
  return [readQtiItem(xml.root, { line: 1, file: name, exercise: "" })];
}

/** Without network a part of the app may be missing. */
async function loaded<Module>(module: Promise<Module>): Promise<Module> {
  try {
    return await module;
  } catch {
    throw new FileRefused("no_reader");
  }
}

function isPackage(name: string, bytes: Uint8Array): boolean {
  return /\.zip$/i.test(name) || [0x50, 0x4b, 0x03, 0x04].every((byte, index) => bytes[index] === byte);
}

function isXml(name: string, text: string): boolean {
  return /\.xml$/i.test(name) || text.trimStart().startsWith("<?xml");
}

/** A .txt may be either: a spreadsheet names its columns first. */
function isGift(name: string, text: string): boolean {
  if (/\.gift$/i.test(name)) return true;
  const [head = ""] = text.trimStart().split(/\r\n|\r|\n/, 1);
  return /\.txt$/i.test(name) && !/(?=.*\bkind\b).*\bprompt\b/i.test(head);
}

function baseName(name: string): string {
  return name.replace(/\.[^.]*$/, "") || name;
}

function fromItems(items: readonly Item[], exercise: string, t: Texts): Found {
  const files = new Map(items.flatMap(({ line, file }) => (file === undefined ? [] : [[line, file]])));
  const found: Found = { questions: [], problems: [], changes: [], files };
  for (const { line, question, notes, exercise: named } of items) {
    const messages = notes.map((note) => ({ line, message: sentence(note, t) }));
    if (!question) {
      found.problems.push(...messages.map((message) => ({ ...message, column: undefined })));
      continue;
    }
    if (!KINDS.some((kind) => kind === question["kind"])) {
      const message = t.notes.kind(String(question["kind"]));
      found.problems.push({ line, column: undefined, message });
      continue;
    }
    const read = questionFrom(question);
    const problems: LineProblem[] = [];
    checkQuestion(read, "", t.checks, (_path, _place, message) => {
      if (message !== undefined) problems.push({ line, column: undefined, message });
    });
    found.problems.push(...problems.slice(0, 1));
    if (problems.length) continue;
    found.changes.push(...messages);
    found.questions.push({ line, exercise: named || exercise, question: read });
  }
  return found;
}

/** Questions whose identifier is in the template already, or twice in the file, would come a second time. */
function withoutPresent(found: Found, draft: Draft, t: Texts): Found {
  const taken = new Set(
    draft.sections.flatMap(({ exercises }) =>
      exercises.flatMap(({ id, questions }) => [id ?? "", ...questions.map((question) => question.id)]),
    ),
  );
  const again = found.questions.filter(({ question: { id } }) => taken.has(id) || !taken.add(id));
  const lines = new Set(again.map(({ line }) => line));
  return {
    ...found,
    questions: found.questions.filter((entry) => !again.includes(entry)),
    problems: [
      ...found.problems,
      ...again.map(({ line, question: { id } }) => ({ line, column: undefined, message: t.notes.taken(id) })),
    ].sort((one, other) => one.line - other.line),
    changes: found.changes.filter(({ line }) => !lines.has(line)),
  };
}

function sentence({ code, detail }: Note, t: Texts): string {
  return t.notes[code](detail);
}
