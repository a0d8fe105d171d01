/** What must not compile: each line below `@ts-expect-error` fails the compilation otherwise. */

import { doc, getDoc } from "#firestore";

import { bounds } from "../src/bounds.js";
import { buildQuery } from "../src/index.js";
import type {
  ActiveSession,
  CompleteSession,
  CreateTemplate,
  DriverOptions,
  InfinitePractice,
  LoggedItem,
  PracticeSessionDriver,
  Session,
  SessionContext,
  Skill,
  StartSession,
  StoredSession,
  Student,
  Template,
  TurnInput,
  UpdateProgress,
} from "../src/index.js";

declare const practice: PracticeSessionDriver;
declare const infinite: InfinitePractice;
declare const stored_session: StoredSession;
declare const session: Session;
declare const template: Template;
declare const URLS: Record<string, string>;
const session_id = "s-1";
const options: Omit<DriverOptions, "functions"> = {} as DriverOptions;

export const progress: UpdateProgress[] = [
  { session_id, items: [{ node_id: "c-major", grade: "good", score: 0.8, notes: "Evenly" }] },
  { session_id, session_data: { mood: "calm", sections: [{ name: "All" }] }, revision: 3 },
  { session_id, stored_session },
  // @ts-expect-error items are a list
  { session_id, items: 5 },
  // @ts-expect-error a misspelt grade
  { session_id, items: [{ node_id: "c-major", grade: "goood" }] },
  // @ts-expect-error an item names its exercise
  { session_id, items: [{ grade: "good" }] },
  // @ts-expect-error an unknown field of an item
  { session_id, items: [{ node_id: "c-major", graed: "good" }] },
  // @ts-expect-error some progress
  { session_id },
  // @ts-expect-error null is none
  { session_id, session_data: null },
  // @ts-expect-error sections are a list
  { session_id, session_data: { sections: "All" } },
  // @ts-expect-error a part of a state
  { session_id, stored_session: { seq: 1 } },
  // @ts-expect-error an unknown field
  { session_id, items: [], sessionData: {} },
  // @ts-expect-error of some session
  { items: [] },
];

export const starts: StartSession[] = [
  {},
  { template_id: "t-1", mode: "daily", timezone: "Europe/Berlin" },
  { stored_session, parent_ids: ["g-1"] },
  // @ts-expect-error a mode that only stored practice has
  { mode: "infinite" },
  // @ts-expect-error practice that is stored has its template's name
  { stored_session, name: "Mine" },
  // @ts-expect-error a misspelt field
  { templateId: "t-1" },
];

export const ends: CompleteSession[] = [
  { session_id },
  { session_id, notes: "Done", stored_session },
  { session_id, discard: true },
  // @ts-expect-error a session that is discarded keeps no notes
  { session_id, discard: true, notes: "Done" },
  // @ts-expect-error nor a last turn
  { session_id, discard: true, stored_session },
];

export const inputs: TurnInput[] = [
  { type: "answer", question_id: "q", answer: ["a", "b"] },
  { type: "hint" },
  // @ts-expect-error no such input
  { type: "skip" },
  // @ts-expect-error an answer to no question
  { type: "answer", answer: 3 },
  // @ts-expect-error an answer of no kind
  { type: "answer", question_id: "q", answer: true },
];

export async function contexts(): Promise<SessionContext[]> {
  const read = await getDoc(doc({} as DriverOptions["firestore"], "session_templates", "t-1"));
  return [
    { source_data: template },
    { source_data: read.data()! },
    { source_data: { name: "Mine", template_data: { sections: [{ name: "All" }] } } },
    { source_data: written },
    { source_data: draft },
    { stored_session },
    { stored_session: { mapValue: { fields: { seal: { stringValue: "gAAAA" } } } } },
    // @ts-expect-error a session is an object
    { stored_session: { stringValue: "gAAAA" } },
    // @ts-expect-error either of them
    {},
    // @ts-expect-error not both
    { stored_session, source_data: template },
    // @ts-expect-error sections have names
    { source_data: { name: "Mine", template_data: { sections: [{}] } } },
    // @ts-expect-error a name is a text
    { source_data: { name: 5, template_data: { sections: [] } } },
  ];
}

export const written: CreateTemplate = {
  name: "Scales",
  template_data: { sections: [{ name: "All", exercises: [{ name: "C major" }] }] },
  // @ts-expect-error no such visibility
  visibility: "everybody",
};

declare const draft: Pick<CreateTemplate, "name" | "template_data">;

export async function replies(): Promise<void> {
  const active: ActiveSession | null = await practice.checkActiveSession("t-1", "infinite");
  const started = await practice.createSession({});
  const same: Session[] = [started.session, session, ...(active ? [active.session] : [])];
  same.push(...(await practice.sessions.list({ status: "active" })).entries);
  const began: string = session.started_at;
  const ended: string | null = session.ended_at;
  const items: LoggedItem[] = (await practice.sessions.items(session_id)).entries;
  const student: Student | null = await practice.sessions.statistics();
  const xp: number | undefined = student?.totals.assigned.by_subject["Music"]?.xp;
  void [began, ended, items, xp];
  // @ts-expect-error an instant is a text
  session.started_at.toDate();
  // @ts-expect-error null must be considered
  active.session;
  // @ts-expect-error no such field
  session.startedAt;
  // @ts-expect-error no such mode
  await practice.checkActiveSession("t-1", "endless");
  const skills: Skill[] = (await practice.skills.list({ dueBy: new Date() })).entries;
  // @ts-expect-error an instant is a Date
  await practice.skills.list({ dueBy: skills[0]!.due_at });
  buildQuery(options.firestore, "my sessions by status", { me: "sam", status: "active" });
  buildQuery(options.firestore, "items of a session", { session_id });
  buildQuery(options.firestore, "my skills that are due", { me: "sam", now: new Date() });
  // @ts-expect-error the query needs a status
  buildQuery(options.firestore, "my sessions by status", { me: "sam" });
  // @ts-expect-error the query has no status
  buildQuery(options.firestore, "my sessions", { me: "sam", status: "active" });
  // @ts-expect-error no such query
  buildQuery(options.firestore, "their sessions", { me: "sam" });
  // @ts-expect-error an instant is a Date
  buildQuery(options.firestore, "my skills that are due", { me: "sam", now: "2026-01-01" });
  // @ts-expect-error no index has both
  await practice.sessions.list({ template_id: "t-1", root_id: "g-1" });
  await practice.sessions.list({ origin: "assigned", status: "completed" });
  await practice.sessions.listOfStudents({ root_id: "g-1" });
  // @ts-expect-error no index has both
  await practice.sessions.listOfStudents({ origin: "assigned", status: "completed" });
  await infinite.complete({ notes: "Done", focus_score: 8 });
  const mastery: number | undefined = infinite.state?.skills[0]?.mastery;
  await infinite.begin((event) => console.log(event.type === "working" ? event.on : event.message, mastery));
  // @ts-expect-error the state is read only
  infinite.state = stored_session;
  // @ts-expect-error the last event is the outcome
  await infinite.take({ type: "hint" }, (event) => event.type === "done");
  // @ts-expect-error a completion is no discarding
  await infinite.complete({ discard: true });
  // @ts-expect-error no such list
  await practice.templates.list({ which: "all" });
  await practice.templates.list({ which: "mine", rootId: "g-1" });
  await practice.templates.list({ which: "public" });
  // @ts-expect-error no index has both
  await practice.templates.list({ which: "public", rootId: "g-1" });
  // @ts-expect-error an update names the version that was read
  await practice.templates.update({ template_id: "t-1", name: "Scales" });
}

export const byName: DriverOptions[] = [
  { ...options, functions: (name) => URLS[name] },
  { ...options, functions: "http://127.0.0.1:8080" },
  // @ts-expect-error no such function
  { ...options, functions: (name) => (name === "start_sesion" ? "" : undefined) },
  // @ts-expect-error a URL is a text
  { ...options, functions: () => 8080 },
];

export const longest: 120 = bounds.CreateTemplate.name.maxLength;
export const tags: 100 = bounds.TemplateContent.tags.maxItems;
// @ts-expect-error no such field
export const none = bounds.CreateTemplate.title;
