/** The time limits of a client that was given none, by a clock that the tests move. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";

import { Functions } from "../src/functions.js";
import { PracticeProblem } from "../src/problem.js";
import { turnEvents } from "../src/stream.js";

type Respond = (signal: AbortSignal) => Promise<Response>;

const silent: Respond = (signal) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** Functions behind a server of the test's own, and the signal of the request once it is sent. */
function served(t: TestContext, respond: Respond): { functions: Functions; sent: Promise<AbortSignal> } {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let send: (signal: AbortSignal) => void;
  const sent = new Promise<AbortSignal>((resolve) => (send = resolve));
  const functions = new Functions({
    functions: "http://functions.invalid",
    idToken: async () => "token",
    retries: 0,
    fetch: (_, request) => {
      const signal = request!.signal!;
      send(signal);
      return respond(signal);
    },
  });
  return { functions, sent };
}

/** Lets everything go on that does not wait for the clock. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function assertTimeLimit(call: Promise<unknown>): Promise<void> {
  const failure: unknown = await call.then(() => undefined, (error: unknown) => error);
  assert.ok(failure instanceof PracticeProblem, String(failure));
  assert.equal(failure.reason, "UNAVAILABLE");
  assert.match(failure.message, /time limit/);
}

for (const [name, seconds] of [["start_session", 35], ["get_next_item", 35], ["practice_turn", 155]] as const)
  test(`a call of ${name} that gets no reply is given up after ${seconds} seconds`, async (t) => {
    const { functions, sent } = served(t, silent);
    const call = functions.call({ name });
    const signal = await sent;
    t.mock.timers.tick(seconds * 1_000 - 1);
    assert.equal(signal.aborted, false);
    t.mock.timers.tick(1);
    assert.equal(signal.aborted, true);
    await assertTimeLimit(call);
  });

test("a stream may last longer than a turn, and is given up after a silence of 45 seconds", async (t) => {
  let body!: ReadableStreamDefaultController<Uint8Array>;
  const { functions, sent } = served(t, async (signal) => {
    signal.addEventListener("abort", () => body.error(signal.reason));
    return new Response(new ReadableStream<Uint8Array>({ start: (controller) => void (body = controller) }));
  });
  const open = await functions.open({ name: "practice_turn", path: "/runs/stream" });
  const event = turnEvents(open, undefined).next();
  const signal = await sent;
  for (let comments = 0; comments < 4; comments += 1) {
    t.mock.timers.tick(44_999);
    assert.equal(signal.aborted, false);
    body.enqueue(new TextEncoder().encode(": still here\n\n"));
    await settled();
  }
  t.mock.timers.tick(44_999);
  assert.equal(signal.aborted, false);
  t.mock.timers.tick(1);
  assert.equal(signal.aborted, true);
  await assertTimeLimit(event);
});

for (const late of ["idToken", "appCheckToken"] as const)
  test(`a call whose ${late} never comes is given up after 35 seconds, and asks again`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let asked = 0;
    const tokens = { idToken: async () => "token", appCheckToken: async () => "token" };
    const never = () => {
      asked += 1;
      return new Promise<string>(() => {});
    };
    const fetch = () => assert.fail("it was sent without a token");
    const options = { functions: "http://functions.invalid", retries: 1, fetch, ...tokens, [late]: never };
    const call = new Functions(options).call({ name: "get_next_item" });
    let settledCall = false;
    const outcome = assertTimeLimit(call).finally(() => (settledCall = true));
    await settled();
    t.mock.timers.tick(34_999);
    await settled();
    assert.deepEqual([asked, settledCall], [1, false]);
    t.mock.timers.tick(1);
    await settled();
    t.mock.timers.tick(500);
    await settled();
    assert.deepEqual([asked, settledCall], [2, false]);
    t.mock.timers.tick(35_000);
    await outcome;
  });

test("a caller who aborts does not wait for a token", async () => {
  const controller = new AbortController();
  const reason = new Error("The page is closed.");
  const idToken = () => new Promise<string>(() => {});
  const functions = new Functions({ functions: "http://functions.invalid", idToken });
  const call = functions.call({ name: "get_next_item" }, { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(call, (failure) => failure === reason);
  await assert.rejects(functions.call({ name: "get_next_item" }, { signal: controller.signal }), (failure) => failure === reason);
});
