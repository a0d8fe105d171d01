/** Classes: a teacher makes one, a student joins it, and both read what is theirs. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { PracticeProblem } from "../src/index.js";
import { driver, given } from "./environment.js";

test("a class is made, joined, listed by teacher and student, changed and left", async (t) => {
  const teacher = await driver(t, {}, given.teacher);
  const student = await driver(t);

  const made = await teacher.classes.create({ name: "Guitar", timezone: "Europe/Berlin" });
  const { class_id } = made.class;
  const code = made.join.code ?? "";
  assert.deepEqual(await teacher.classes.readJoin(class_id), made.join);
  const taught = (await teacher.classes.listTaught({ limit: 50 })).entries;
  assert.deepEqual(taught.find((one) => one.class_id === class_id), made.class);

  const joined = await student.classes.join({ code: code.toLowerCase(), display_name: "Sam" });
  assert.deepEqual(joined, { class: made.class, resumed: false });
  const again = await student.classes.join({ code, display_name: "Samuel" });
  assert.equal(again.resumed, true);
  assert.deepEqual(await student.classes.read(class_id), made.class);
  // Other tests' classes are among them.
  const memberships = async () =>
    (await student.classes.listMemberships({ limit: 50 })).entries.filter((entry) => entry.class_id === class_id);
  const [membership] = await memberships();
  assert.deepEqual([membership?.class_id, membership?.display_name], [class_id, "Samuel"]);
  const students = (await teacher.classes.listStudents(class_id)).entries;
  assert.deepEqual(students, [membership]);
  await assert.rejects(student.classes.listStudents(class_id), { code: "permission-denied" });

  const changed = await teacher.classes.update({ class_id, version: 1, shows_roster: true, join: { enabled: false } });
  assert.deepEqual([changed.class.version, changed.join.code], [2, null]);
  assert.deepEqual((await student.classes.listStudents(class_id)).entries, students);
  await assert.rejects(student.classes.join({ code, display_name: "Sam" }), (problem) => {
    assert.ok(problem instanceof PracticeProblem);
    return problem.reason === "JOIN_CODE_NOT_VALID";
  });

  const left = await student.classes.removeMember({ class_id, student_id: membership?.student_id ?? "" });
  assert.equal(left.status, "removed");
  assert.deepEqual(await memberships(), []);
  await assert.rejects(student.classes.read(class_id), { code: "permission-denied" });
  await teacher.classes.update({ class_id, archived: true });
  const ids = async (archived: boolean) =>
    (await teacher.classes.listTaught({ archived })).entries.map((entry) => entry.class_id);
  assert.ok(!(await ids(false)).includes(class_id));
  assert.ok((await ids(true)).includes(class_id));
});
