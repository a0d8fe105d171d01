/** The queries of docs/queries.json, as lists and apps make them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { getDocs } from "#firestore";

import {
  InfinitePractice,
  type QueryName,
  type SessionList,
  type Skill,
  type StudentsSessionList,
  buildQuery,
} from "../src/index.js";
import { bindQuery } from "../src/bound_query.js";
import { queries } from "../src/queries.js";
import { ownSessions, sessionsOfStudents } from "../src/session_lists.js";
import { driver, given } from "./environment.js";

const VALUES = {
  status: "active",
  template_id: "t-1",
  origin: "assigned",
  subject: "Music",
  practice_mode: "exam",
  root_id: "g-1",
  parent_id: "g-2",
  student_id: "sam",
} as const;
const OWN = ["status", "template_id", "origin", "subject", "practice_mode", "root_id", "parent_id"] as const;

test("a list of sessions has exactly the conditions of its filter, and the rules allow it", async (t) => {
  const { sessions } = driver(t, {}, given.teacher);
  const own = [[], ...OWN.map((name) => [name]), ["origin", "status"]] as (keyof typeof VALUES)[][];
  const ofStudents = [...own.filter((names) => names.length < 2 && !names.includes("parent_id")), ["student_id" as const]];
  for (const [person, filters, built] of [
    ["student_id", own, ownSessions],
    ["teacher_id", ofStudents, sessionsOfStudents],
  ] as const)
    for (const names of filters) {
      const filter = Object.fromEntries(names.map((name) => [name, VALUES[name]]));
      const { path, where, orderBy, limit } = built("me", filter);
      const conditions = names.map((name) =>
        name === "parent_id" ? ["parent_ids", "array-contains", "g-2"] : [name, "==", VALUES[name]],
      );
      assert.deepEqual(where, [[person, "==", "me"], ...conditions]);
      assert.deepEqual([path, orderBy, limit], ["practice_sessions", [["started_at", "desc"]], null]);
      if (person === "student_id") await sessions.list(filter as SessionList);
      else await sessions.listOfStudents(filter as StudentsSessionList);
    }
});

test("filters that no index has together reject", async (t) => {
  const { sessions } = driver(t);
  await assert.rejects(sessions.list({ subject: "Music", status: "active" } as never), /status,subject/);
  await assert.rejects(sessions.listOfStudents({ parent_id: "g-1" } as never), /parent_id/);
});

test("a query is made by its name, with its values and no others", async (t) => {
  const practice = driver(t);
  const { firestore } = practice;
  const me = given.student.uid;
  for (const name of Object.keys(queries) as QueryName[]) {
    const { collection, where } = queries[name];
    const wanted = [...collection.split("/"), ...where.map(([, , value]) => value)];
    const names = wanted.flatMap((value) => (value?.startsWith("$") ? [value.slice(1)] : []));
    const values: Record<string, unknown> = Object.fromEntries(names.map((value) => [value, ["now", "since"].includes(value) ? new Date() : me]));
    const bound = bindQuery(name, values as never);
    assert.ok(!JSON.stringify(bound).includes("$"));
    assert.ok(buildQuery(firestore, name, values as never));
    for (const value of names)
      assert.throws(() => bindQuery(name, { ...values, [value]: undefined } as never), new RegExp(`needs the value ${value}`));
    assert.throws(() => bindQuery(name, { ...values, uid: me } as never), /has no value uid/);
  }
  await practice.createSession({ name: "Alone", timezone: "UTC" });
  const mine = await getDocs(buildQuery(firestore, "my sessions", { me }));
  assert.ok(mine.size > 0 && mine.docs.every((document) => document.get("student_id") === me));
});

test("a student lists their skills, and those that are due", async (t) => {
  const practice = driver(t, {}, given.other);
  assert.deepEqual(await practice.skills.list(), { entries: [], next: null });
  for (const [skill, answer] of [["Thirds", 4], ["Fifths", 0]] as const) {
    const question = { question_id: skill, kind: "numeric" as const, prompt: "How many semitones?", answer: 4 };
    const exercises = [{ name: skill, questions: [question] }];
    const content = { name: skill, template_data: { sections: [{ name: "All", exercises }] } };
    const { template_id } = await practice.templates.create(content);
    const infinite = new InfinitePractice(practice, template_id);
    await infinite.begin();
    await infinite.take({ type: "answer", question_id: skill, answer });
    await infinite.complete();
  }

  const { entries, next } = await practice.skills.list();
  assert.deepEqual([entries.map(({ name }) => name), next], [["Fifths", "Thirds"], null]);
  const [fifths, thirds] = entries as [Skill, Skill];
  assert.ok(fifths.p_mastery < thirds.p_mastery);
  assert.match(thirds.due_at ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.ok(fifths.skill_id && fifths.due_at! < thirds.due_at!);
  const first = await practice.skills.list({ limit: 1 });
  assert.deepEqual((await practice.skills.list({ limit: 1, after: first.next })).entries, [thirds]);

  const dueBy = new Date(Date.parse(fifths.due_at!) + 1);
  assert.deepEqual((await practice.skills.list({ dueBy })).entries, [fifths]);
  assert.deepEqual((await practice.skills.list({ dueBy: new Date(0) })).entries, []);
});
