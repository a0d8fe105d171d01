import { EventSourceParserStream } from "eventsource-parser/stream";

import type { components } from "./api.js";
import { PracticeProblem } from "./problem.js";
import type { Message, Reason, TurnEvent } from "./types.js";

type Schemas = components["schemas"];
type Updates = Record<string, { messages?: Message[] }>;

/** The events of a running turn. Rejects with PracticeProblem when the stream ends early. */
export async function* turnEvents(response: Response): AsyncGenerator<TurnEvent, void, undefined> {
  if (!response.body) throw broken();
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { done, value } = await events.read().catch(brokenOff);
      if (done) throw broken();
      if (value.event === "end") return;
      yield* toTurnEvents(value.event, JSON.parse(value.data));
    }
  } finally {
    // A consumer that stops early closes the connection too; a broken one is closed already.
    await events.cancel().catch(() => {});
  }
}

function* toTurnEvents(name: string | undefined, data: unknown): Generator<TurnEvent, void, undefined> {
  switch (name) {
    case "custom":
      yield { type: "working", on: (data as Schemas["RunStep"]).event };
      break;
    case "updates":
      for (const change of Object.values(data as Updates))
        for (const message of change.messages ?? []) yield { type: "message", message };
      break;
    case "values": {
      const { session_context, usage } = data as Schemas["RunValues"];
      yield { type: "done", session_context, usage };
      break;
    }
    case "error": {
      const { error, message } = data as Schemas["ErrorEvent"];
      throw new PracticeProblem(error as Reason, message);
    }
  }
}

/** fetch throws a plain TypeError when a connection fails; an abort is the caller's own error. */
function brokenOff(failure: unknown): never {
  throw failure instanceof TypeError ? broken() : failure;
}

function broken(): PracticeProblem {
  return new PracticeProblem("UNAVAILABLE", "The stream broke off. Your previous session context stays valid.");
}
