/** Replies that a stack never gives: of proxies, of broken connections, of servers that hang. */

import assert from "node:assert/strict";
import { type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { PracticeProblem } from "../src/index.js";
import { type Cleanup, closed, driver } from "./environment.js";

type Answer = (response: ServerResponse) => void;
const REPLY = JSON.stringify({ session: { session_id: "s-1" }, next_item: null });

const whole: Answer = (response) => response.end(REPLY);
const html = (status: number): Answer => (response) =>
  response.writeHead(status, { "Content-Type": "text/html" }).end("<h1>No</h1>");
const cut: Answer = (response) => {
  response.writeHead(200, { "Content-Length": REPLY.length });
  response.write(REPLY.slice(0, 20), () => response.destroy());
};
const truncated: Answer = (response) => response.end(REPLY.slice(0, 20));
const silent: Answer = () => {};
const stalled: Answer = (response) => {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.write('event: metadata\ndata: {"run_id": "r", "attempt": 1}\n\n');
};

/** A server that gives these answers in turn. */
async function scripted(test: Cleanup, ...answers: Answer[]): Promise<{ url: string; keys: unknown[] }> {
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    request.resume();
    keys.push(request.headers["idempotency-key"]);
    (answers.shift() ?? whole)(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => closed(server));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

async function problemOf(promise: Promise<unknown>): Promise<PracticeProblem> {
  const failure: unknown = await promise.then(() => undefined, (error: unknown) => error);
  assert.ok(failure instanceof PracticeProblem, String(failure));
  return failure;
}

const update = { session_id: "s-1", items: [{ node_id: "c-major" }] };

for (const [status, reason] of [[403, "PERMISSION_DENIED"], [404, "NOT_FOUND"], [418, "INTERNAL"]] as const)
  test(`an HTML page with status ${status} is a refusal, not an outage`, async (t) => {
    const { url, keys } = await scripted(t, html(status));
    const problem = await problemOf(driver(t, { functions: url }).updateSessionProgress(update));
    assert.deepEqual([problem.reason, problem.status, keys.length], [reason, status, 1]);
  });

for (const [name, answer] of Object.entries({ cut, truncated, "an HTML page of a proxy": html(200) }))
  test(`a reply that is ${name} is asked for again, under the same key`, async (t) => {
    const { url, keys } = await scripted(t, answer, html(502));
    const { session } = await driver(t, { functions: url }).updateSessionProgress(update);
    assert.equal(session.session_id, "s-1");
    assert.deepEqual([keys.length, new Set(keys).size], [3, 1]);
  });

test("a reply that never comes whole is UNAVAILABLE, with its cause", async (t) => {
  const { url, keys } = await scripted(t, cut, truncated);
  const problem = await problemOf(driver(t, { functions: url, retries: 1 }).updateSessionProgress(update));
  assert.deepEqual([problem.reason, problem.status, keys.length], ["UNAVAILABLE", undefined, 2]);
  assert.ok(problem.cause instanceof SyntaxError);
});

test("an error of the caller's own token function is the caller's, and nothing is sent", async (t) => {
  const { url, keys } = await scripted(t);
  let asked = 0;
  const mistake = new TypeError("Cannot read properties of null (reading 'getIdToken')");
  const idToken = async () => {
    asked += 1;
    throw mistake;
  };
  const practice = driver(t, { functions: url, idToken });
  await assert.rejects(practice.updateSessionProgress(update), (error) => error === mistake);
  assert.deepEqual([asked, keys.length], [1, 0]);
});

test("a function without a URL is named", async (t) => {
  const practice = driver(t, { functions: () => undefined });
  await assert.rejects(practice.updateSessionProgress(update), /no URL for update_progress/);
});

test("a server that hangs is given up after the time limit, and asked again", async (t) => {
  const { url, keys } = await scripted(t, silent, silent);
  const practice = driver(t, { functions: url, timeoutSeconds: 0.1, retries: 1 });
  const problem = await problemOf(practice.updateSessionProgress(update));
  assert.equal(problem.reason, "UNAVAILABLE");
  assert.match(problem.message, /time limit/);
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1]);
});

test("a stream that falls silent is given up", async (t) => {
  const { url } = await scripted(t, stalled);
  const practice = driver(t, { functions: url, timeoutSeconds: 0.1 });
  const turn = practice.streamPracticeTurn({ source_data: { name: "Mine", template_data: { sections: [] } } });
  const problem = await problemOf(turn.next());
  assert.match(problem.message, /time limit/);
});

test("the message of a problem has the words of its first field", async () => {
  const errors = [{ path: "items.0.grade", message: "is not a grade" }];
  const problem = new PracticeProblem("INVALID_ARGUMENT", "The request has invalid fields.", 422, errors);
  assert.equal(problem.message, "The request has invalid fields. items.0.grade: is not a grade");
});
