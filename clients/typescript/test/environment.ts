/** The environment of the tests: a running stack, signed-in users, templates. */

import { type IncomingMessage, type Server, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

import { deleteApp, initializeApp } from "firebase/app";
import { connectFirestoreEmulator, initializeFirestore } from "#firestore";

import { type DriverOptions, PracticeSessionDriver, type SourceData } from "../src/index.js";

export interface Person {
  uid: string;
  token: string;
}

interface Given {
  functions: string;
  firestore: string;
  project: string;
  /** Whether Node runs the tests under the condition `firestore-lite`. */
  lite: boolean;
  student: Person;
  other: Person;
  another: Person;
  teacher: Person;
  checklist: string;
  bank: string;
  answers: Record<string, unknown>;
}

export const given = JSON.parse(process.env["PRACTICE_TEST"] ?? "{}") as Given;

export type Cleanup = { after: (end: () => Promise<void>) => void };

/** A driver with its own Firestore connection, which is closed after the test. */
export function driver(
  test: Cleanup,
  changes: Partial<DriverOptions> = {},
  person: Person = given.student,
): PracticeSessionDriver & { firestore: DriverOptions["firestore"] } {
  const app = initializeApp({ projectId: given.project }, crypto.randomUUID());
  const firestore = initializeFirestore(app, {});
  const { hostname, port } = new URL(`http://${given.firestore}`);
  connectFirestoreEmulator(firestore, hostname, Number(port), { mockUserToken: person.token });
  test.after(() => deleteApp(app));
  const made = new PracticeSessionDriver({
    functions: given.functions,
    idToken: async () => person.token,
    firestore,
    uid: person.uid,
    ...changes,
  });
  return Object.assign(made, { firestore });
}

/** The proxy's treatment of one request: forward it, refuse it, lose the reply or cut it off. */
export type Behaviour = "pass" | "refuse" | "lose" | "cut";

/** A proxy before the functions that treats requests as scripted, then forwards the rest. */
export async function unreliable(
  test: Cleanup,
  ...script: Behaviour[]
): Promise<{ url: string; keys: string[] }> {
  const keys: string[] = [];
  const server = createServer((incoming, outgoing) => {
    keys.push(String(incoming.headers["idempotency-key"]));
    const behaviour = script.shift() ?? "pass";
    if (behaviour === "refuse") {
      incoming.resume();
      outgoing.writeHead(503, { "Retry-After": "1", "Content-Type": "text/html" }).end("<p>no</p>");
      return;
    }
    forward(incoming, (answer) => {
      if (behaviour === "lose") {
        answer.resume();
        answer.on("end", () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      if (behaviour === "cut") answer.once("data", (part) => outgoing.write(part, () => outgoing.destroy()));
      else answer.pipe(outgoing);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => closed(server));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

function forward(incoming: IncomingMessage, answered: (answer: IncomingMessage) => void): void {
  const { method, headers, url } = incoming;
  incoming.pipe(request(given.functions + url, { method, headers, agent: false }, answered));
}

export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export function answerTo(question: { question_id: string }): never {
  return given.answers[question.question_id] as never;
}

export type { SourceData };
