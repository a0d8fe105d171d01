/**
 * Questions of other systems, as admin/content reads them too: both are tested with the files of
 * tests/support/content.
 */

import type { NoteCode } from "@/i18n/question_notes";

/** One thing that was changed, or the reason of a refusal. */
export interface Note {
  readonly code: NoteCode;
  readonly detail: string;
}

/** What a reader makes of one item of a file; `question` has the fields of a question, not checked yet. */
export interface Item {
  /** Where it begins; in a package its number there. */
  readonly line: number;
  /** Of QTI, which has a file for each item. */
  readonly file?: string;
  readonly name: string;
  readonly exercise: string;
  readonly question: Fields | null;
  readonly notes: readonly Note[];
}

export type Fields = Readonly<Record<string, unknown>>;

/** The item can't be a question here. */
export class Refused extends Error {
  readonly note: Note;

  constructor(code: NoteCode, detail = "") {
    super(code);
    this.note = { code, detail };
  }
}

/** The file can't be read at all. */
export class FileRefused extends Refused {}

export class Notes {
  readonly all: Note[] = [];

  add(code: NoteCode, detail = ""): void {
    if (!this.all.some((note) => note.code === code && note.detail === detail))
      this.all.push({ code, detail });
  }
}

const MAX_NAME = 60;

/** Without a name a question is known by its prompt, and what is refused by its source. */
export function readItem(
  { source, ...at }: Pick<Item, "line" | "file" | "exercise" | "name"> & { source: string },
  read: (notes: Notes) => Fields,
): Item {
  const notes = new Notes();
  try {
    const question = read(notes);
    return { ...at, question, notes: notes.all, name: short(at.name || String(question["prompt"])) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...at, question: null, notes: [error.note], name: short(at.name || source) };
  }
}

function short(text: string): string {
  const line = Array.from(text.split(/\s+/).filter(Boolean).join(" "));
  return line.length <= MAX_NAME ? line.join("") : `${line.slice(0, MAX_NAME - 1).join("")}…`;
}
