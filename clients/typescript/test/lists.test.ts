import assert from "node:assert/strict";
import { test } from "node:test";

import { type OwnTemplate, PracticeProblem, type SessionList, type Template } from "../src/index.js";
import { driver, given } from "./environment.js";

const SCALES = {
  sections: [{ name: "All", exercises: [{ id: "c-major", name: "C major" }, { name: "A minor" }] }],
};
const BANK = {
  sections: [
    {
      name: "All",
      exercises: [
        {
          name: "Intervals",
          questions: [{ question_id: "fifth", kind: "numeric" as const, prompt: "Semitones of a fifth?", answer: 7 }],
        },
      ],
    },
  ],
};

test("a template is created, read, updated, listed and archived", async (t) => {
  const { templates } = driver(t, {}, given.teacher);
  const root_id = `goal-${Math.random().toString(36).slice(2)}`;
  const created = await templates.create({ name: "Scales", root_id, template_data: SCALES });
  assert.deepEqual(await templates.read(created.template_id), stored(created));
  assert.deepEqual(await templates.readStudents(created.template_id), []);
  assert.equal(await templates.readSource(created.template_id), null);

  const { template_id } = created;
  const updated = await templates.update({ template_id, version: 1, name: "All scales", template_data: BANK });
  assert.deepEqual([updated.name, updated.version], ["All scales", 2]);
  assert.deepEqual(await templates.read(template_id), stored(updated));
  const source = await templates.readSource(template_id);
  assert.deepEqual(source?.sections[0]?.exercises?.[0]?.questions, BANK.sections[0]?.exercises[0]?.questions);
  await assert.rejects(
    templates.update({ template_id, version: 1, name: "Scales" }),
    (problem) => problem instanceof PracticeProblem && problem.reason === "REVISION_MISMATCH",
  );

  const other = await templates.create({ name: "Chords", root_id, template_data: SCALES });
  const first = await templates.list({ which: "mine", rootId: root_id, limit: 1 });
  assert.deepEqual(first.entries, [stored(other)]);
  const second = await templates.list({ which: "mine", rootId: root_id, limit: 1, after: first.next });
  assert.deepEqual([second.entries, second.next], [[stored(updated)], null]);

  assert.equal(await templates.archive(template_id), undefined);
  assert.ok((await templates.read(template_id)).archived_at);
  assert.deepEqual((await templates.list({ which: "mine", rootId: root_id })).entries, [stored(other)]);
});

/** The template as it is read: its students are stored apart. */
function stored({ student_ids, ...template }: OwnTemplate): Template {
  return template;
}

test("the students of a template that an older version stored are read from the template", async (t) => {
  const { templates } = driver(t, {}, given.teacher);
  const students = [given.student.uid, given.other.uid];
  const template = { name: "Scales", student_ids: students, template_data: SCALES };
  const { template_id } = await templates.create(template);
  const stored = `http://${given.firestore}/v1/projects/${given.project}/databases/(default)/documents`;
  const path = `${stored}/session_templates/${template_id}`;
  const headers = { "Authorization": "Bearer owner", "Content-Type": "application/json" };
  const values = students.map((stringValue) => ({ stringValue }));
  const body = JSON.stringify({ fields: { student_ids: { arrayValue: { values } } } });
  const moved = await fetch(`${path}?updateMask.fieldPaths=student_ids`, { method: "PATCH", headers, body });
  const deleted = await fetch(`${path}/private/assigned`, { method: "DELETE", headers });
  assert.deepEqual([moved.status, deleted.status], [200, 200]);
  assert.deepEqual(await templates.readStudents(template_id), students);

  await templates.update({ template_id, version: 1, student_ids: students.slice(1) });
  assert.deepEqual(await templates.readStudents(template_id), students.slice(1));
});

test("a student lists assigned and public templates", async (t) => {
  const { templates } = driver(t);
  const assigned = await templates.listAssigned();
  const ids = assigned.entries.map(({ template_id }) => template_id);
  assert.ok(ids.includes(given.checklist) && ids.includes(given.bank));
  const [first] = assigned.entries;
  assert.equal((await templates.read(first?.template_id ?? "")).name, first?.name);
  assert.match(first?.assigned_at ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const shared = await driver(t, {}, given.teacher).templates.create({
    name: "For all",
    visibility: "public",
    template_data: SCALES,
  });
  assert.ok(
    (await templates.list({ which: "public" })).entries.some(({ template_id }) => template_id === shared.template_id),
  );
});

test("sessions are listed in pages, with their details, items and statistics", async (t) => {
  const person = given.another;
  const practice = driver(t, {}, person);
  assert.equal(await practice.sessions.statistics(), null);
  const ids: string[] = [];
  for (const name of ["first", "second", "third"]) {
    const session_data = SCALES;
    const { session } = await practice.createSession({ name, session_data, subject: "Music", timezone: "UTC" });
    ids.unshift(session.session_id);
  }
  const items = [{ node_id: "c-major", grade: "good" as const, duration_ms: 900 }, { node_id: "A minor" }];
  const [session_id = ""] = ids;
  await practice.updateSessionProgress({ session_id, items });
  const { session, summary } = await practice.completeSession({ session_id });

  const first = await practice.sessions.list({ limit: 2 });
  const second = await practice.sessions.list({ limit: 2, after: first.next });
  assert.deepEqual([...first.entries, ...second.entries].map((entry) => entry.session_id), ids);
  assert.deepEqual([first.next !== null, second.next], [true, null]);
  assert.deepEqual((await practice.sessions.list({ status: "completed" })).entries, [session]);
  const ofBoth = await practice.sessions.list({ origin: "self_practice", status: "completed" });
  assert.deepEqual(ofBoth.entries, [session]);
  const music = await practice.sessions.list({ subject: "Music", status: undefined } as SessionList);
  assert.deepEqual(music.entries.map((entry) => entry.session_id), ids);
  assert.deepEqual(await practice.sessions.read(session_id), session);

  const log = await practice.sessions.items(session_id, { limit: 1 });
  const [entry] = log.entries;
  assert.deepEqual([entry?.node_id, entry?.grade, entry?.duration_ms, entry?.verified], ["c-major", "good", 900, false]);
  assert.match(entry?.completed_at ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const rest = await practice.sessions.items(session_id, { after: log.next });
  assert.deepEqual([rest.entries.map(({ index }) => index), rest.next], [[1], null]);

  const statistics = await practice.sessions.statistics();
  assert.equal(statistics?.xp_total, summary.xp.total);
  assert.equal(statistics?.streak.current, 1);
  assert.equal(statistics?.totals.self_practice.by_subject["Music"]?.sessions, 1);
});

test("a teacher lists the sessions of students", async (t) => {
  const template = await driver(t, {}, given.teacher).templates.create({
    name: "Scales",
    student_ids: [given.student.uid],
    template_data: SCALES,
  });
  const { template_id } = template;
  const students = await driver(t, {}, given.teacher).templates.readStudents(template_id);
  assert.deepEqual(students, [given.student.uid]);
  const { session } = await driver(t).createSession({ template_id, timezone: "UTC" });
  const { sessions } = driver(t, {}, given.teacher);
  assert.deepEqual((await sessions.listOfStudents({ template_id })).entries, [session]);
  for (const filter of [
    { student_id: given.student.uid },
    { status: "active" as const },
    { origin: "assigned" as const },
  ]) {
    const { entries } = await sessions.listOfStudents(filter);
    assert.ok(entries.some(({ session_id }) => session_id === session.session_id));
  }
  assert.deepEqual((await sessions.listOfStudents({ subject: "Juggling" })).entries, []);
  assert.deepEqual((await sessions.listOfStudents({ root_id: "learn-juggling" })).entries, []);
  assert.deepEqual((await sessions.items(session.session_id)).entries, []);
});
