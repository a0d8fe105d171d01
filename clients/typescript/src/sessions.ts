import {
  type DocumentSnapshot,
  type Firestore,
  collection,
  doc,
  getDoc,
  getDocs,
  limit,
  orderBy,
  query,
  where,
} from "#firestore";

import { type Page, type PageOptions, readPage, withTextInstants } from "./firestore.js";
import type { LoggedItem, Mode, Session, StoredSession, Student } from "./types.js";

type Only<Fields, Names extends keyof Fields> = Pick<Fields, Names> & {
  [Other in Exclude<keyof Fields, Names>]?: never;
};
/** The filters that have an index, alone: a list takes at most one. */
type OneOf<Fields> = { [Name in keyof Fields]: Only<Fields, Name> }[keyof Fields] | { [Name in keyof Fields]?: never };

interface Filters {
  status: Session["status"];
  template_id: string;
  origin: Session["origin"];
  subject: string;
  practice_mode: string;
  root_id: string;
}

interface OwnFilters extends Filters {
  /** Sessions of a goal among their `parent_ids`. */
  parent_id: string;
}

/** Of the filters, only `origin` and `status` may be used together. */
export type SessionList = PageOptions & (OneOf<OwnFilters> | Only<OwnFilters, "origin" | "status">);

export type StudentsSessionList = PageOptions & OneOf<Filters & { student_id: string }>;

/** Sessions and what adds up from them, read from Firestore under the security rules. */
export class Sessions {
  constructor(
    private readonly firestore: Firestore,
    private readonly uid: string,
  ) {}

  /** A page of the user's own sessions, newest first. Lists leave out the state of infinite practice. */
  list({ limit, after, ...filter }: SessionList = {}): Promise<Page<Session>> {
    return this.page("student_id", filter, { limit, after } as PageOptions);
  }

  /** A page of sessions that this teacher assigned, newest first. */
  listOfStudents({ limit, after, ...filter }: StudentsSessionList = {}): Promise<Page<Session>> {
    return this.page("teacher_id", filter, { limit, after } as PageOptions);
  }

  /** Rejects with Firestore's `permission-denied` where there is none, or none for this user. */
  async read(sessionId: string): Promise<Session> {
    return this.withState(sessionOf(await getDoc(doc(this.firestore, "practice_sessions", sessionId))));
  }

  /** A page of a session's log, in order. */
  items(sessionId: string, options: PageOptions = {}): Promise<Page<LoggedItem>> {
    const items = collection(this.firestore, "practice_sessions", sessionId, "items");
    return readPage(items, [orderBy("index")], options, (document) => ({
      ...(withTextInstants(document.data()) as Omit<LoggedItem, "item_id">),
      item_id: document.id,
    }));
  }

  /** The user's streak, XP and totals over all sessions; null before the first that counted. */
  async statistics(): Promise<Student | null> {
    const student = await getDoc(doc(this.firestore, "students", this.uid));
    if (!student.exists()) return null;
    return { ...withTextInstants(student.data()), student_id: student.id } as Student;
  }

  /** The user's active session of a template in this mode, null if there is none. */
  async active(templateId: string, mode: Mode): Promise<Session | null> {
    const { docs } = await getDocs(
      query(
        collection(this.firestore, "practice_sessions"),
        where("student_id", "==", this.uid),
        where("template_id", "==", templateId),
        where("status", "==", "active"),
        where("mode", "==", mode),
        limit(1),
      ),
    );
    return docs[0] ? this.withState(sessionOf(docs[0])) : null;
  }

  /** The session with the state of infinite practice, which has a document of its own. */
  private async withState(session: Session): Promise<Session> {
    if (session.mode !== "infinite" || session.status !== "active" || session.stored_session) return session;
    const state = await getDoc(doc(this.firestore, "practice_sessions", session.session_id, "state", "current"));
    return { ...session, stored_session: (state.data()?.["stored_session"] as StoredSession | undefined) ?? null };
  }

  private page(
    person: "student_id" | "teacher_id",
    filter: Record<string, unknown>,
    options: PageOptions,
  ): Promise<Page<Session>> {
    // Callers without `exactOptionalPropertyTypes` may give undefined, which Firestore refuses.
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const filters = given.map(([name, value]) =>
      name === "parent_id" ? where("parent_ids", "array-contains", value) : where(name, "==", value),
    );
    const constraints = [where(person, "==", this.uid), ...filters, orderBy("started_at", "desc")];
    return readPage(collection(this.firestore, "practice_sessions"), constraints, options, sessionOf);
  }
}

function sessionOf(document: DocumentSnapshot): Session {
  const fields = withTextInstants(document.data() ?? {});
  return { stored_session: null, ...fields, session_id: document.id } as Session;
}
