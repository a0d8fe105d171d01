import { LocalRecord } from "@/data/local_record";
import { localNames, readLocal, writeLocal } from "@/data/local_state";

import { NOTHING, type Pending } from "./pending";
import { NO_TIME, type Times } from "./watch";

/** The name of what is entered to finish the session, and not sent yet. */
export const finishSlot = (sessionId: string) => `session.${sessionId}.finish`;
/** The name of an answer that is typed and not reported yet. */
export const answerSlot = (sessionId: string, step: string) => `${answersOf(sessionId)}${step}`;
const answersOf = (sessionId: string) => `session.${sessionId}.answer.`;

/** What this browser keeps of a session. */
export class KeptSession {
  readonly pending: LocalRecord<Pending>;
  readonly times: LocalRecord<Times>;

  constructor(
    private readonly uid: string,
    private readonly sessionId: string,
  ) {
    this.pending = new LocalRecord(uid, `session.${sessionId}`, NOTHING);
    this.times = new LocalRecord(uid, `session.${sessionId}.time`, NO_TIME);
  }

  /** Answers that were typed and not reported, by the key of the question's step. */
  answers(): Record<string, string> {
    const beginning = answersOf(this.sessionId);
    const entries = localNames(this.uid, beginning).flatMap((name) => {
      const text = readLocal(this.uid, name);
      return typeof text === "string" && text.trim() ? [[name.slice(beginning.length), text] as const] : [];
    });
    return Object.fromEntries(entries);
  }

  /** Removes what is of no use once the session has ended. */
  forgetWork(): void {
    this.pending.remove();
    writeLocal(this.uid, finishSlot(this.sessionId), undefined);
  }

  forgetAll(): void {
    this.forgetWork();
    this.times.remove();
    for (const name of localNames(this.uid, answersOf(this.sessionId))) writeLocal(this.uid, name, undefined);
  }
}
