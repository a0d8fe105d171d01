import { EventSourceParserStream } from "eventsource-parser/stream";

import type { components } from "./api.js";
import { PracticeProblem } from "./problem.js";
import type { Message, Reason, TurnEvent } from "./types.js";

type Schemas = components["schemas"];
type Updates = Record<string, { messages?: Message[] }>;

/** What a turn tells while it runs. Rejects with PracticeProblem when it ends early. */
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
      yield* told(value.event, JSON.parse(value.data));
    }
  } finally {
    // Whoever stops listening lets go of the connection too. One that broke off is gone by itself.
    await events.cancel().catch(() => {});
  }
}

function* told(name: string | undefined, data: unknown): Generator<TurnEvent, void, undefined> {
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

/** fetch says no more than TypeError when a connection fails; an abort is the caller's own. */
function brokenOff(failure: unknown): never {
  throw failure instanceof TypeError ? broken() : failure;
}

function broken(): PracticeProblem {
  return new PracticeProblem("UNAVAILABLE", "The stream broke off. The session you hold stays good.");
}
