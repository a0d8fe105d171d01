import { type Firestore, doc, getDoc } from "#firestore";

import { type Snapshot, classOf, withTextInstants } from "./entries.js";
import { type Page, type PageOptions, buildQuery, readPage } from "./firestore.js";
import type { CallOptions, Functions } from "./functions.js";
import type {
  CreateClass,
  JoinClass,
  JoinSettings,
  JoinedClass,
  Member,
  RemoveMember,
  SchoolClass,
  TaughtClass,
  UpdateClass,
} from "./types.js";

/** Classes that the user teaches or is in: written through the functions, read from Firestore under the rules. */
export class Classes {
  constructor(
    private readonly functions: Functions,
    private readonly firestore: Firestore,
    private readonly uid: string,
  ) {}

  /** A new class with a join code. */
  create(command: CreateClass, options?: CallOptions): Promise<TaughtClass> {
    return this.functions.call({ name: "create_class", body: command }, options);
  }

  /** With `version` another stored version is refused as REVISION_MISMATCH. `join.rotate` makes another code. */
  update(command: UpdateClass, options?: CallOptions): Promise<TaughtClass> {
    return this.functions.call({ name: "update_class", method: "PUT", body: command }, options);
  }

  /** A wrong, an expired and a used-up code reject alike, as JOIN_CODE_NOT_VALID. `resumed`: was in it already. */
  join(command: JoinClass, options?: CallOptions): Promise<JoinedClass> {
    return this.functions.call({ name: "join_class", body: command }, options);
  }

  /** A teacher removes a student, or the user leaves with their own uid. */
  async removeMember(command: RemoveMember, options?: CallOptions): Promise<Member> {
    const call = { name: "remove_member", body: command } as const;
    return (await this.functions.call<{ member: Member }>(call, options)).member;
  }

  /** Rejects with Firestore's `permission-denied` for anybody who neither teaches nor attends it. */
  async read(classId: string): Promise<SchoolClass> {
    return classOf(await getDoc(doc(this.firestore, "classes", classId)));
  }

  /** The code and its limits, for the teachers of the class. */
  async readJoin(classId: string): Promise<JoinSettings> {
    const join = await getDoc(doc(this.firestore, "classes", classId, "private", "join"));
    return withTextInstants(join.data() ?? {}) as JoinSettings;
  }

  /** A page of the classes that the user teaches, the newest first. */
  async listTaught({ archived = false, ...options }: PageOptions & { archived?: boolean } = {}): Promise<
    Page<SchoolClass>
  > {
    const name = archived ? "classes that I teach, archived ones too" : "classes that I teach";
    return readPage(buildQuery(this.firestore, name, { me: this.uid }), options, classOf);
  }

  /** A page of the user's memberships, the latest first; `class_id` names the class. */
  async listMemberships(options: PageOptions = {}): Promise<Page<Member>> {
    const listed = buildQuery(this.firestore, "my memberships of classes", { me: this.uid });
    return readPage(listed, options, memberOf);
  }

  /** A page of the students of a class by name: for its teachers, and for its members where it `shows_roster`. */
  async listStudents(classId: string, options: PageOptions = {}): Promise<Page<Member>> {
    const listed = buildQuery(this.firestore, "students of a class", { class_id: classId });
    return readPage(listed, options, memberOf);
  }
}

function memberOf(document: Snapshot): Member {
  return withTextInstants(document.data() ?? {}) as Member;
}
