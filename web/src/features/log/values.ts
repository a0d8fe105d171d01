/** What the form has, and the requests that store it. */

import type { CompleteSession, SessionData, StartSession, Template, UpdateProgress } from "practice-client";
import { bounds } from "practice-client/bounds";

import { minutesIn } from "@/ui/minutes";

type StoredSection = NonNullable<SessionData["sections"]>[number];

export interface ExerciseValues {
  name: string;
  done: boolean;
  notes: string;
  /** The other keys of the template's exercise, such as its id and description. */
  other: Record<string, unknown>;
}

export interface SectionValues {
  name: string;
  planned: string;
  actual: string;
  other: Record<string, unknown>;
  exercises: ExerciseValues[];
}

/** Numbers are texts, as they are typed. */
export interface Values {
  templateId: string;
  name: string;
  subject: string;
  rootId: string;
  goals: string;
  sections: SectionValues[];
  planned: string;
  actual: string;
  notes: string;
  focus: number | null;
  energy: number | null;
}

export const EMPTY: Values = {
  templateId: "",
  name: "",
  subject: "",
  rootId: "",
  goals: "",
  sections: [],
  planned: "",
  actual: "",
  notes: "",
  focus: null,
  energy: null,
};
export const NEW_EXERCISE: ExerciseValues = { name: "", done: true, notes: "", other: {} };
export const NEW_SECTION: SectionValues = {
  name: "",
  planned: "",
  actual: "",
  other: {},
  exercises: [NEW_EXERCISE],
};
export const ID = new RegExp(bounds.StartSession.root_id.pattern);
const MOST_SECONDS = bounds.CompleteSession.time_spent_seconds.maximum;

type Item = NonNullable<UpdateProgress["items"]>[number];

export interface Requests {
  start: Extract<StartSession, { stored_session?: null }>;
  items: Item[];
  complete: Omit<Extract<CompleteSession, { discard?: false }>, "session_id" | "stored_session">;
}

export function sectionsOf(template: Pick<Template["template_data"], "sections">): SectionValues[] {
  return template.sections.map(({ name, duration_minutes, exercises = [], ...other }) => ({
    name,
    planned: duration_minutes == null ? "" : String(duration_minutes),
    actual: "",
    other: without(other, "actual_duration_minutes"),
    exercises: exercises.map(({ name, ...rest }) => ({
      name,
      done: true,
      notes: "",
      other: without(rest, "questions", "completed", "notes"),
    })),
  }));
}

function without(fields: object, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** The ids of a text, each once. */
export function idsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

/** The entered sum, else that of the sections; null where neither is entered. */
function sumOf(total: string, parts: string[]): number | null {
  const entered = minutesIn(total);
  if (entered !== null) return entered;
  const minutes = parts.map(minutesIn).filter((part) => part !== null);
  return minutes.length === 0 ? null : minutes.reduce((sum, part) => sum + part, 0);
}

export function requestsOf(values: Values, timezone: string): Requests {
  const { sections, notes, focus, energy } = values;
  const planned = sumOf(
    values.planned,
    sections.map((section) => section.planned),
  );
  const actual = sumOf(
    values.actual,
    sections.map((section) => section.actual),
  );
  const named = withUniqueNodes(sections);
  const closing = {
    ...(notes.trim() && { notes }),
    ...(focus !== null && { focus_score: focus }),
    ...(energy !== null && { energy_level: energy }),
    ...(actual !== null && { actual_duration_minutes: actual }),
  };
  // Everything is checked by the first request: what it accepts, the others can't refuse.
  const session_data = {
    ...closing,
    ...(planned !== null && { total_duration_minutes: planned }),
    ...(sections.length > 0 || values.templateId ? { sections: named.map(toSection) } : {}),
  } as SessionData;
  const start = {
    timezone,
    session_data,
    ...(values.templateId && { template_id: values.templateId }),
    ...(values.name.trim() && { name: values.name.trim() }),
    ...(values.subject.trim() && { subject: values.subject.trim() }),
    ...(values.rootId.trim() && { root_id: values.rootId.trim() }),
    parent_ids: idsIn(values.goals),
  };
  const done = named.flatMap(({ exercises }) => exercises).filter((exercise) => exercise.done);
  const items = done.map<Item>(({ name, notes: about, other }) => ({
    node_id: typeof other["id"] === "string" ? other["id"] : name,
    completed: true,
    ...(about.trim() && { notes: about }),
  }));
  const seconds = actual === null ? null : Math.min(Math.round(actual * 60), MOST_SECONDS);
  return { start, items, complete: { ...closing, ...(seconds !== null && { time_spent_seconds: seconds }) } };
}

/** An exercise goes by its id or its name: a second one of the same name gets an id. */
function withUniqueNodes(sections: SectionValues[]): SectionValues[] {
  const known = new Set<string>();
  return sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((entered) => {
      const exercise = { ...entered, name: entered.name.trim() };
      const own = typeof exercise.other["id"] === "string" ? exercise.other["id"] : exercise.name;
      let node = own;
      for (let n = 2; known.has(node); n += 1) node = `${own} ${n}`;
      known.add(node);
      return node === own ? exercise : { ...exercise, other: { ...exercise.other, id: node } };
    }),
  }));
}

function toSection({ name, planned, actual, other, exercises }: SectionValues): StoredSection {
  return {
    ...other,
    name: name.trim(),
    ...(minutesIn(planned) !== null && { duration_minutes: minutesIn(planned) }),
    ...(minutesIn(actual) !== null && { actual_duration_minutes: minutesIn(actual) }),
    exercises: exercises.map((exercise) => ({
      ...exercise.other,
      name: exercise.name,
      completed: false,
      notes: exercise.notes,
    })),
  };
}

const FIELDS: Readonly<Record<string, string>> = {
  name: "name",
  subject: "subject",
  root_id: "rootId",
  template_id: "templateId",
  "session_data.notes": "notes",
  "session_data.total_duration_minutes": "planned",
  "session_data.actual_duration_minutes": "actual",
  "session_data.focus_score": "focus",
  "session_data.energy_level": "energy",
};
const IN_SECTION: Readonly<Record<string, string>> = {
  name: "name",
  duration_minutes: "planned",
  actual_duration_minutes: "actual",
};

/** The field of a refusal's path, null for one that the form has not. */
export function fieldOf(path: string): string | null {
  if (/^parent_ids(\.|$)/.test(path)) return "goals";
  const exercise = /^session_data\.sections\.(\d+)\.exercises\.(\d+)\.(name|id|notes)$/.exec(path);
  if (exercise) {
    const [, s = "", e = "", field = ""] = exercise;
    return `sections.${s}.exercises.${e}.${field === "notes" ? "notes" : "name"}`;
  }
  const section = /^session_data\.sections\.(\d+)\.(\w+)$/.exec(path);
  const inSection = section && IN_SECTION[section[2] ?? ""];
  if (inSection) return `sections.${section[1] ?? ""}.${inSection}`;
  return FIELDS[path] ?? null;
}

/** Whether nothing was entered that would be lost. */
export function isPristine(values: Values): boolean {
  return isSame(values, EMPTY);
}

/** As JSON, which is how values are kept. */
export function isSame<Compared extends Values | Requests>(one: Compared, other: Compared): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
