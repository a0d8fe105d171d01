import { type DocumentSnapshot, type Firestore, doc, getDoc } from "#firestore";

import { type Snapshot, sessionOf, withTextInstants } from "./entries.js";
import { type Page, type PageOptions, buildQuery, readPage } from "./firestore.js";
import type { CallOptions, Functions } from "./functions.js";
import type {
  Assignment,
  Cell,
  CreateAssignment,
  GradeChange,
  OverrideGrade,
  Row,
  SchoolClass,
  Session,
  UpdateAssignment,
  VoidItem,
} from "./types.js";

/** An assignment of a class and one student. */
export interface CellPlace {
  class_id: string;
  assignment_id: string;
  student_id: string;
}

/** An assignment of a class that the user is in, and what the user did of it. */
export interface MyAssignment {
  of: SchoolClass;
  assignment: Assignment;
  cell: Cell | undefined;
}

/** More than most classes ever assign; a class has 500 at most. */
const ALL = 500;

/**
 * Assignments of classes and their gradebook: written through the functions, read from Firestore under the rules.
 * gradebook.ts says what a cell means: late, missing and the points follow from the assignment.
 */
export class Assignments {
  constructor(
    private readonly functions: Functions,
    private readonly firestore: Firestore,
    private readonly uid: string,
  ) {}

  async create(command: CreateAssignment, options?: CallOptions): Promise<Assignment> {
    const call = { name: "create_assignment", body: command } as const;
    return (await this.functions.call<{ assignment: Assignment }>(call, options)).assignment;
  }

  /** With `version` another stored version is refused as REVISION_MISMATCH. `archived` withdraws or restores it. */
  async update(command: UpdateAssignment, options?: CallOptions): Promise<Assignment> {
    const call = { name: "update_assignment", method: "PUT", body: command } as const;
    return (await this.functions.call<{ assignment: Assignment }>(call, options)).assignment;
  }

  /** Sets a grade, excuses the student ("exempt"), or restores the computed score (null). */
  async override(command: OverrideGrade, options?: CallOptions): Promise<Cell> {
    const call = { name: "override_grade", method: "PUT", body: command } as const;
    return (await this.functions.call<{ cell: Cell }>(call, options)).cell;
  }

  /**
   * Takes a bad question out of the assignment and grades all work without it. Calls until that is done; `onProgress`
   * has the assignment after each call. After a failure it goes on where it was, when it is called again.
   */
  async voidItem(
    command: VoidItem,
    { onProgress, ...options }: CallOptions & { onProgress?: (assignment: Assignment) => void } = {},
  ): Promise<Assignment> {
    const call = { name: "void_item", body: command } as const;
    for (;;) {
      const { assignment } = await this.functions.call<{ assignment: Assignment }>(call, options);
      onProgress?.(assignment);
      if (!assignment.regrading || assignment.regrading.finished_at !== null) return assignment;
    }
  }

  /** Rejects with Firestore's `permission-denied` where it is not for the user. */
  async read(classId: string, assignmentId: string): Promise<Assignment> {
    return assignmentOf(await getDoc(doc(this.firestore, "classes", classId, "assignments", assignmentId)));
  }

  /** All assignments of a class that the user teaches, withdrawn ones too, the newest first. */
  async list(classId: string): Promise<Assignment[]> {
    const listed = buildQuery(this.firestore, "assignments of a class", { class_id: classId });
    return (await readPage(listed, { limit: ALL }, assignmentOf)).entries;
  }

  /** The user's own assignments of a class that the user is in, without withdrawn ones, the newest first. */
  async listMine(classId: string): Promise<Assignment[]> {
    const { firestore, uid: me } = this;
    const forAll = buildQuery(firestore, "assignments of a class, for all its students", { class_id: classId });
    const byName = buildQuery(firestore, "assignments of a class, for me and some others", { class_id: classId, me });
    const pages = await Promise.all([forAll, byName].map((one) => readPage(one, { limit: ALL }, assignmentOf)));
    return pages
      .flatMap(({ entries }) => entries)
      .sort((one, other) => (one.created_at < other.created_at ? 1 : -1));
  }

  /** A page of the gradebook of a class that the user teaches: the rows of its students, by name. */
  async listRows(classId: string, options: PageOptions = {}): Promise<Page<Row>> {
    const listed = buildQuery(this.firestore, "rows of the gradebook", { class_id: classId });
    return readPage(listed, options, rowOf);
  }

  /** The row of one student: of a class that the user teaches, or by default the user's own. */
  async readRow(classId: string, studentId: string = this.uid): Promise<Row> {
    return rowOf(await getDoc(doc(this.firestore, "classes", classId, "rows", studentId)));
  }

  /** A page of the audit log of a cell, the latest change first, for teachers of the class. */
  async listChanges({ class_id, assignment_id, student_id }: CellPlace, options: PageOptions = {}): Promise<
    Page<GradeChange>
  > {
    const listed = buildQuery(this.firestore, "changes of a grade", { class_id, assignment_id, student_id });
    return readPage(listed, options, (entry) => withTextInstants(entry.data()) as GradeChange);
  }

  /** A page of the sessions in which students work on an assignment, the latest first, for teachers of the class. */
  async listSessions(
    { class_id, assignment_id }: Pick<CellPlace, "class_id" | "assignment_id">,
    options: PageOptions = {},
  ): Promise<Page<Session>> {
    const listed = buildQuery(this.firestore, "sessions of an assignment", { class_id, assignment_id });
    return readPage(listed, options, sessionOf);
  }
}

function assignmentOf(document: DocumentSnapshot): Assignment {
  return { ...withTextInstants(document.data() ?? {}), assignment_id: document.id } as Assignment;
}

const NO_WORK: Cell = {
  status: null,
  session_id: null,
  started_at: null,
  submitted_at: null,
  score_percent: null,
  questions_correct: 0,
  total_questions: 0,
  override: null,
  revision: 0,
};

const NO_PRACTICE: Row["self_practice"] = {
  sessions: 0,
  items_completed: 0,
  questions_correct: 0,
  total_questions: 0,
  time_spent_seconds: 0,
  xp: 0,
  xp_verified: 0,
};

/** A row is written by parts, so a part that nothing has changed yet is not in it. */
function rowOf(document: Snapshot): Row {
  const fields = withTextInstants(document.data() ?? {}) as Partial<Row>;
  const cells = Object.entries(fields.cells ?? {}).map(([id, cell]) => [id, { ...NO_WORK, ...cell }]);
  return {
    schema_version: 1,
    class_id: "",
    display_name: null,
    status: "active",
    ...fields,
    student_id: document.id,
    cells: Object.fromEntries(cells) as Row["cells"],
    self_practice: { ...NO_PRACTICE, ...fields.self_practice },
  };
}
