import { type Firestore, doc, getDoc, getDocs } from "#firestore";

import { sessionOf, withTextInstants } from "./entries.js";
import { type Page, type PageOptions, buildQuery, queryOf, readPage } from "./firestore.js";
import { type SessionFilter, type StudentsSessionFilter, ownSessions, sessionsOfStudents } from "./session_lists.js";
import type { LoggedItem, Mode, Session, StoredSession, Student } from "./types.js";

export type SessionList = PageOptions & SessionFilter;

export type StudentsSessionList = PageOptions & StudentsSessionFilter;

/** Sessions and what adds up from them, read from Firestore under the security rules. */
export class Sessions {
  constructor(
    private readonly firestore: Firestore,
    private readonly uid: string,
  ) {}

  /** A page of the user's own sessions, newest first. Lists leave out the state of infinite practice. */
  async list({ limit, after, ...filter }: SessionList = {}): Promise<Page<Session>> {
    const own = queryOf(this.firestore, ownSessions(this.uid, filter));
    return readPage(own, { limit, after } as PageOptions, sessionOf);
  }

  /** A page of sessions that this teacher assigned, newest first. */
  async listOfStudents({ limit, after, ...filter }: StudentsSessionList = {}): Promise<Page<Session>> {
    const assigned = queryOf(this.firestore, sessionsOfStudents(this.uid, filter));
    return readPage(assigned, { limit, after } as PageOptions, sessionOf);
  }

  /** Rejects with Firestore's `permission-denied` where there is none, or none for this user. */
  async read(sessionId: string): Promise<Session> {
    return this.withState(sessionOf(await getDoc(doc(this.firestore, "practice_sessions", sessionId))));
  }

  /** A page of a session's log, in order. */
  items(sessionId: string, options: PageOptions = {}): Promise<Page<LoggedItem>> {
    const items = buildQuery(this.firestore, "items of a session", { session_id: sessionId });
    return readPage(items, options, (document) => ({
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
    const values = { me: this.uid, template_id: templateId, mode };
    const { docs } = await getDocs(buildQuery(this.firestore, "my active session of a template in a mode", values));
    return docs[0] ? this.withState(sessionOf(docs[0])) : null;
  }

  /** The session with the state of what a tutor runs, which has a document of its own. */
  private async withState(session: Session): Promise<Session> {
    const isAssignedToTutor = session.assignment && session.assignment.mode !== "checklist";
    const isRunByTutor = session.mode === "infinite" || session.pack || isAssignedToTutor;
    // A class's teachers read the work and not its state, and of strict work nobody reads that.
    const isReadable =
      [session.student_id, session.teacher_id].includes(this.uid) && session.assignment?.policy !== "strict";
    if (!isRunByTutor || !isReadable || session.status !== "active" || session.stored_session) return session;
    const state = await getDoc(doc(this.firestore, "practice_sessions", session.session_id, "state", "current"));
    return { ...session, stored_session: (state.data()?.["stored_session"] as StoredSession | undefined) ?? null };
  }
}
