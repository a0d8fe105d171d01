import {
  type Firestore,
  collection,
  getDocs,
  limit,
  query,
  where,
} from "firebase/firestore";

import { type CallOptions, Functions, type Options } from "./functions.js";
import { turnEvents } from "./stream.js";
import type {
  CompleteSession,
  CompletedSession,
  Session,
  SessionContext,
  StartSession,
  StartedSession,
  Turn,
  TurnEvent,
  TurnInput,
  UpdateProgress,
  UpdatedSession,
} from "./types.js";

export interface DriverOptions extends Options {
  firestore: Firestore;
  /** The uid of the signed-in user. */
  studentId: string;
}

/** A session as Firestore stores it: the fields of the API, with Firestore's timestamps. */
export type StoredDocument = Omit<Session, "session_id" | InstantField> &
  Record<InstantField, FirestoreInstant | null> & { session_id: string };

type InstantField = "started_at" | "last_activity_at" | "ended_at";
type FirestoreInstant = { toDate(): Date };

/**
 * A practice session from its start to its summary. Reads go to Firestore, under the security
 * rules; writes go through the functions.
 *
 * Every method rejects with PracticeProblem when the call is refused. A request without a
 * reply, or refused as UNAVAILABLE or RATE_LIMITED, is retried and takes effect once.
 */
export class PracticeSessionDriver {
  private readonly functions: Functions;

  constructor(private readonly options: DriverOptions) {
    this.functions = new Functions(options);
  }

  /** The student's one active session of this template in this mode, null if there is none. */
  async checkActiveSession(
    templateId: string,
    mode: Session["mode"],
  ): Promise<StoredDocument | null> {
    const sessions = collection(this.options.firestore, "practice_sessions");
    const found = await getDocs(
      query(
        sessions,
        where("student_id", "==", this.options.studentId),
        where("template_id", "==", templateId),
        where("mode", "==", mode),
        where("status", "==", "active"),
        limit(1),
      ),
    );
    const document = found.docs[0];
    if (!document) return null;
    return { ...document.data(), session_id: document.id } as StoredDocument;
  }

  /** Starts a session, or resumes the active one (`resumed`). */
  createSession(command: StartSession, options?: CallOptions): Promise<StartedSession> {
    return this.functions.call("start_session", command, options);
  }

  updateSessionProgress(command: UpdateProgress, options?: CallOptions): Promise<UpdatedSession> {
    return this.functions.call("update_progress", command, options);
  }

  completeSession(command: CompleteSession, options?: CallOptions): Promise<CompletedSession> {
    return this.functions.call("complete_session", command, options);
  }

  /** One turn. Use the reply's `session_context` in the next one, and store it from time to time. */
  practiceTurn(context: SessionContext, input?: TurnInput, options?: CallOptions): Promise<Turn> {
    const body = { session_context: context, ...(input ? { input } : {}) };
    return this.functions.call("practice_turn", body, options);
  }

  /** The same turn, streamed. The last event is `done`; until then the previous context stays valid. */
  async *streamPracticeTurn(
    context: SessionContext,
    input?: TurnInput,
    options: CallOptions = {},
  ): AsyncGenerator<TurnEvent, void, undefined> {
    const run = { session_context: context, ...(input ? { input } : {}) };
    const body = { assistant_id: "practice_turn", input: run, stream_mode: ["updates", "custom"] };
    yield* turnEvents(await this.functions.send("practice_turn", "/runs/stream", body, options));
  }
}
