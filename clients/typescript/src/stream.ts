import { type EventSourceMessage, createParser } from "eventsource-parser";

import type { components } from "./api.js";
import { type OpenResponse, withoutReply } from "./functions.js";
import { PracticeProblem } from "./problem.js";
import type { Message, Reason, TurnEvent } from "./types.js";

type Schemas = components["schemas"];
type Updates = Record<string, { messages?: Message[] }>;

/**
 * The events of a running turn. Rejects with PracticeProblem when the stream ends early; the
 * caller's previous session context then stays valid.
 */
export async function* turnEvents(
  open: OpenResponse,
  signal: AbortSignal | undefined,
): AsyncGenerator<TurnEvent, void, undefined> {
  try {
    for await (const { event, data } of events(open)) {
      if (event === "end") return;
      yield* toTurnEvents(event, JSON.parse(data));
    }
    throw new Error("The stream ended without its last event.");
  } catch (failure) {
    if (signal?.aborted) throw signal.reason ?? failure;
    throw failure instanceof PracticeProblem ? failure : withoutReply(failure, open.limit);
  } finally {
    open.limit.end();
  }
}

async function* events(open: OpenResponse): AsyncGenerator<EventSourceMessage, void, undefined> {
  const parsed: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => parsed.push(event) });
  for await (const text of texts(open)) {
    parser.feed(text);
    yield* parsed.splice(0);
  }
}

async function* texts(open: OpenResponse): AsyncGenerator<string, void, undefined> {
  const { response, limit, longestSilenceSeconds } = open;
  // Without web streams, as in React Native, the events come together at the end.
  if (!response.body) return yield await response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      limit.extend(longestSilenceSeconds);
      const { done, value } = await reader.read();
      limit.pause();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    // A consumer that stops early closes the connection too; a broken one is closed already.
    await reader.cancel().catch(() => {});
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
