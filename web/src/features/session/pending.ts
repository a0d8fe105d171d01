/**
 * What was done and typed in a session and is not acknowledged yet. It is kept in the browser, and
 * shown as if it were stored.
 */

import type { CompleteSession, PracticeProblem, SessionData, UpdateProgress } from "practice-client";
import { bounds } from "practice-client/bounds";

import { changeExercise, findExercise, tick } from "./content";

export type Item = NonNullable<UpdateProgress["items"]>[number];

/** A report is sent under its key until it is acknowledged, so that it takes effect once. */
export interface Report {
  key: string;
  item: Item;
}

/** A text typed over `base`, which the back end had then. */
export interface Edit {
  base: string;
  text: string;
}

export interface Pending {
  reports: Report[];
  /** By the exercise's key; the notes of the session by "". */
  notes: Record<string, Edit>;
  /** Actual minutes by the section's index. */
  minutes: Record<string, number | null>;
  finish: Finish | null;
  /** What the back end refuses for good. It is kept until the person has seen it. */
  refused: Refused[];
}

export type Edits = Pick<Pending, "notes" | "minutes">;

export interface Refused {
  key: string;
  /** A report, or edits. */
  item: Item | null;
  edits: Edits | null;
  reason: PracticeProblem["reason"];
  message: string;
}

export interface Finish {
  key: string;
  command: Omit<Extract<CompleteSession, { discard?: false }>, "session_id" | "stored_session">;
}

export const NOTHING: Pending = { reports: [], notes: {}, minutes: {}, finish: null, refused: [] };
export const OF_SESSION = "";
const MOST_CHARACTERS = bounds.SessionContent.notes.maxLength;

export function hasEdits({ notes, minutes }: Edits): boolean {
  return Object.keys(notes).length > 0 || Object.keys(minutes).length > 0;
}

/** Whether nothing is to be sent. */
export function isEmpty(pending: Pending): boolean {
  return pending.reports.length === 0 && !hasEdits(pending) && pending.finish === null;
}

/** Whether something would be lost with this. Without reports and edits a completion has nothing to lose. */
export function hasUnsaved(pending: Pending): boolean {
  return !isEmpty({ ...pending, finish: null }) || pending.refused.length > 0;
}

/** The stored notes, "" where the exercise is gone. */
export function storedNotes(content: SessionData, key: string): string {
  if (key === OF_SESSION) return content.notes ?? "";
  const at = findExercise(content, key);
  return (at && content.sections?.[at.s]?.exercises?.[at.e]?.notes) ?? "";
}

/** Both texts, where another device changed the same notes. */
export function mergeTexts({ base, text: mine }: Edit, theirs: string): string {
  if (theirs === base || mine.includes(theirs)) return mine;
  if (mine === base || theirs.includes(mine)) return theirs;
  const added = theirs.startsWith(base) && mine.startsWith(base) ? theirs.slice(base.length).trim() : theirs;
  return `${mine}\n${added}`.slice(0, MOST_CHARACTERS);
}

/**
 * The edits over what is stored now. Notes of an exercise that is gone move to those of the session,
 * under the exercise's name.
 */
export function rebase(pending: Pending, stored: SessionData): Pending {
  const notes: Record<string, Edit> = {};
  let orphaned = "";
  for (const [key, edit] of Object.entries(pending.notes)) {
    if (key !== OF_SESSION && !findExercise(stored, key)) {
      orphaned += `\n${key.split(".").slice(2).join(".")}: ${edit.text}`;
      continue;
    }
    const theirs = storedNotes(stored, key);
    notes[key] = { base: theirs, text: mergeTexts(edit, theirs) };
  }
  if (orphaned) {
    const { base, text } = notes[OF_SESSION] ?? { base: stored.notes ?? "", text: stored.notes ?? "" };
    notes[OF_SESSION] = { base, text: `${text}${orphaned}`.trim().slice(0, MOST_CHARACTERS) };
  }
  return { ...pending, notes };
}

/** The top-level keys that the edits change. */
export function changeOf({ notes, minutes }: Pending, stored: SessionData): SessionData {
  const change: SessionData = {};
  const edited = withEdits(stored, { notes, minutes });
  if (notes[OF_SESSION]) change.notes = edited.notes ?? "";
  const hasSections = Object.keys(notes).some((key) => key !== OF_SESSION) || Object.keys(minutes).length > 0;
  if (hasSections && edited.sections) change.sections = edited.sections;
  return change;
}

function withEdits(content: SessionData, { notes, minutes }: Edits): SessionData {
  let edited = content;
  for (const [key, { text }] of Object.entries(notes)) {
    const at = key === OF_SESSION ? undefined : findExercise(edited, key);
    if (key === OF_SESSION) edited = { ...edited, notes: text };
    else if (at) edited = changeExercise(edited, at.s, at.e, { notes: text });
  }
  if (Object.keys(minutes).length === 0) return edited;
  const sections = (edited.sections ?? []).map((section, index) => {
    const entered = minutes[String(index)];
    return entered === undefined ? section : { ...section, actual_duration_minutes: entered };
  });
  return { ...edited, sections };
}

/** What was sent is acknowledged; what was typed while it was sent stays, over what was sent. */
export function acknowledge(now: Pending, sent: Pending): Pending {
  const notes = Object.entries(now.notes).flatMap(([key, edit]) => {
    const stored = sent.notes[key];
    if (!stored) return [[key, edit] as const];
    return stored.text === edit.text ? [] : [[key, { base: stored.text, text: edit.text }] as const];
  });
  const minutes = Object.entries(now.minutes).filter(([key, value]) => sent.minutes[key] !== value);
  return { ...now, notes: Object.fromEntries(notes), minutes: Object.fromEntries(minutes) };
}

/** The report, or the edits, are set aside; all else goes on. */
export function setAside(
  now: Pending,
  refused: { report: Report } | { edits: Pending; key: string },
  { reason, message }: PracticeProblem,
): Pending {
  if ("report" in refused) {
    const { key, item } = refused.report;
    const reports = now.reports.filter((report) => report.key !== key);
    return { ...now, reports, refused: [...now.refused, { key, item, edits: null, reason, message }] };
  }
  const { notes, minutes } = refused.edits;
  const entry = { key: refused.key, item: null, edits: { notes, minutes }, reason, message };
  return { ...acknowledge(now, refused.edits), refused: [...now.refused, entry] };
}

/** The content as the person sees it: stored, with what is not acknowledged yet. */
export function shownContent(stored: SessionData, pending: Pending): SessionData {
  const ticked = pending.reports.reduce(
    (content, { item }) => tick(content, item.node_id, isDone(item)),
    stored,
  );
  return withEdits(ticked, pending);
}

export function isDone({ completed, grade }: Item): boolean {
  return completed !== false && grade !== "again";
}

/** Whether the item answers its question, or says that it is done. */
export function settlesQuestion(item: Pick<Item, "correct" | "completed" | "grade">): boolean {
  return typeof item.correct === "boolean" || isDone(item as Item);
}
