/**
 * What React Native and pages over plain http lack, taken away: web streams, `crypto.randomUUID`,
 * and the body of a response. A simulation: no React Native has run it.
 */

import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";

const LACKING = [
  "ReadableStream", "WritableStream", "TransformStream", "TextDecoderStream", "TextEncoderStream", "TextDecoder", "crypto",
];
for (const name of LACKING) Reflect.deleteProperty(globalThis, name);

test("the package can be imported without web streams and crypto", async () => {
  for (const name of LACKING) assert.equal(name in globalThis, false);
  const { InfinitePractice, PracticeSessionDriver } = await import("../src/index.js");
  assert.deepEqual([typeof InfinitePractice, typeof PracticeSessionDriver], ["function", "function"]);
});

test("a turn is taken and streamed without web streams and crypto", async () => {
  for (const name of LACKING) assert.equal(name in globalThis, false);
  const { Functions } = await import("../src/functions.js");
  const { turnEvents } = await import("../src/stream.js");
  const given = JSON.parse(process.env["PRACTICE_TEST"] ?? "{}");
  const idToken = async () => given.student.token as string;
  const functions = new Functions({ functions: given.functions, idToken, fetch: fetchAsReactNativeHasIt });
  const context = {
    session_context: {
      source_data: { name: "Mine", template_data: { sections: [{ name: "All", exercises: [{ name: "Scales" }] }] } },
    },
  };
  const turn = await functions.call<{ messages: unknown[] }>({ name: "practice_turn", body: context });
  assert.ok(turn.messages.length > 0);

  const body = { assistant_id: "practice_turn", input: context, stream_mode: ["updates", "custom"] };
  const open = await functions.open({ name: "practice_turn", path: "/runs/stream", body });
  const types: string[] = [];
  for await (const event of turnEvents(open, undefined)) types.push(event.type);
  assert.deepEqual([types[0], types.at(-1)], ["working", "done"]);
  const stored = await functions.call<{ session: { name: string } }>({ name: "start_session", body: { name: "Blank" } });
  assert.equal(stored.session.name, "Blank");
});

/** It resolves when the whole response is there, which then has a text and no body. */
const fetchAsReactNativeHasIt = ((url: string, { method, headers, body }: RequestInit) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: method!, headers: headers as Record<string, string> }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => {
        const status = answer.statusCode ?? 0;
        const found = { get: (name: string) => answer.headers[name.toLowerCase()] ?? null };
        resolve({ ok: status >= 200 && status < 300, status, headers: found, text: async () => text });
      });
    });
    sent.on("error", reject).end(body);
  })) as unknown as typeof fetch;
