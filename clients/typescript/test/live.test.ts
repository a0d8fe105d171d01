/** Sessions as they change, with the full SDK whatever the main entry point uses. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { deleteApp, initializeApp } from "firebase/app";
import { type Firestore, connectFirestoreEmulator, initializeFirestore } from "firebase/firestore";

import { type Session, watchSession, watchSessionsOfStudents } from "../src/live.js";
import { type Cleanup, type Person, driver, given } from "./environment.js";

function fullFirestore(t: Cleanup, person: Person): Firestore {
  const app = initializeApp({ projectId: given.project }, crypto.randomUUID());
  const firestore = initializeFirestore(app, {});
  const { hostname, port } = new URL(`http://${given.firestore}`);
  connectFirestoreEmulator(firestore, hostname, Number(port), { mockUserToken: person.token });
  t.after(() => deleteApp(app));
  return firestore;
}

/** What a listener gets; `until` waits for the first that has the property. */
class Heard<Value> {
  readonly all: Value[] = [];
  private waiting = () => {};

  readonly listen = (value: Value): void => {
    this.all.push(value);
    this.waiting();
  };

  until(has: (value: Value) => boolean): Promise<Value> {
    return new Promise((resolve) => {
      this.waiting = () => {
        const found = this.all.find(has);
        if (found !== undefined) resolve(found);
      };
      this.waiting();
    });
  }
}

const fails = (error: unknown) => assert.fail(String(error));

test("a teacher sees the sessions of students begin and change", async (t) => {
  const teacher = driver(t, {}, given.teacher);
  const content = { sections: [{ name: "All", exercises: [{ id: "c-major", name: "C major" }] }] };
  const command = { name: "Scales", student_ids: [given.student.uid], template_data: content };
  const { template_id } = await teacher.templates.create(command);
  const firestore = fullFirestore(t, given.teacher);
  const lists = new Heard<Session[]>();
  const stop = watchSessionsOfStudents(firestore, given.teacher.uid, { template_id, limit: 1 }, lists.listen, fails);
  assert.deepEqual(await lists.until(() => true), []);

  const student = driver(t);
  const { session } = await student.createSession({ template_id, timezone: "UTC" });
  assert.deepEqual(await lists.until(({ length }) => length > 0), [session]);
  const { session_id } = session;
  const states = new Heard<Session>();
  const stopToo = watchSession(firestore, session_id, states.listen, fails);
  assert.deepEqual(await states.until(() => true), session);

  const items = [{ node_id: "c-major", grade: "good" as const }];
  const updated = await student.updateSessionProgress({ session_id, items });
  assert.deepEqual(await states.until(({ items_completed }) => items_completed === 1), updated.session);
  const [listed] = (await teacher.sessions.listOfStudents({ template_id })).entries;
  assert.deepEqual(await lists.until(([first]) => first?.items_completed === 1), [listed]);

  stop();
  await student.completeSession({ session_id });
  await states.until(({ status }) => status === "completed");
  assert.ok(lists.all.every((sessions) => sessions.every(({ status }) => status === "active")));
  stopToo();
});

test("a session of somebody else is not watched", async (t) => {
  const { session } = await driver(t).createSession({ name: "Alone", timezone: "UTC" });
  const firestore = fullFirestore(t, given.other);
  const errors = new Heard<{ code: string }>();
  const none = () => assert.fail("it was shown");
  watchSession(firestore, session.session_id, none, errors.listen);
  watchSessionsOfStudents(firestore, given.teacher.uid, {}, none, errors.listen);
  await errors.until(() => errors.all.length === 2);
  assert.deepEqual(errors.all.map(({ code }) => code), ["permission-denied", "permission-denied"]);
});

test("filters that no index has together are refused before they are sent", (t) => {
  const firestore = fullFirestore(t, given.teacher);
  const filter = { origin: "assigned", status: "active" } as never;
  assert.throws(() => watchSessionsOfStudents(firestore, given.teacher.uid, filter, fails, fails), /origin,status/);
});
