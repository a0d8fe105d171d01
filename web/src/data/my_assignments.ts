/** The assignments of the classes that the user is in. */

import type { MyAssignment } from "practice-client";

import type { BackEnd } from "./back_end";
import { useRead } from "./reads";

/** More classes than anybody is in. */
const MOST_CLASSES = 100;

/** Of one class, or of all: four reads a class, and one for the list of classes. */
export function useMyAssignments(classId?: string) {
  return useRead<MyAssignment[]>(["my assignments", classId], async (backEnd) => {
    const ids = classId === undefined ? await classIds(backEnd) : [classId];
    return (await Promise.all(ids.map((id) => ofClass(backEnd, id)))).flat();
  });
}

/** One assignment; four reads. */
export function useMyAssignment(classId: string, assignmentId: string) {
  return useRead<MyAssignment>(["my assignment", classId, assignmentId], async ({ driver }) => {
    const [of, assignment, row] = await Promise.all([
      driver.classes.read(classId),
      driver.assignments.read(classId, assignmentId),
      driver.assignments.readRow(classId),
    ]);
    return { of, assignment, cell: row.cells[assignmentId] };
  });
}

async function classIds({ driver }: BackEnd): Promise<string[]> {
  const { entries } = await driver.classes.listMemberships({ limit: MOST_CLASSES });
  return entries.map(({ class_id }) => class_id);
}

async function ofClass({ driver }: BackEnd, classId: string): Promise<MyAssignment[]> {
  const [of, listed, row] = await Promise.all([
    driver.classes.read(classId),
    driver.assignments.listMine(classId),
    driver.assignments.readRow(classId),
  ]);
  return listed.map((assignment) => ({ of, assignment, cell: row.cells[assignment.assignment_id] }));
}
