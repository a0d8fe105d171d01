import type { Assignment, Live, Member } from "practice-client";
import { useEffect, useRef, useState } from "react";

import { useRead } from "@/data/reads";
import { useWatch } from "@/data/watch";

import { SHOWN_MS, newlyInNeed } from "./students";
import type { ClassAtWork } from "./watch";

/** The most students that a class has. */
const ALL = 500;
const NOBODY: readonly Live[] = [];

interface Seen extends ClassAtWork {
  /** The students who have last come to need help. */
  inNeed: string[];
}

/** The work of a class as it changes, with the students' names and the assignments that they work on. */
export function useClassAtWork(classId: string) {
  const [since] = useState(() => new Date(Date.now() - SHOWN_MS));
  const watching = useWatch<ClassAtWork, Seen>(classId, {
    watch: async (backEnd, onChange, onError) => {
      const { watchClassAtWork } = await import("./watch");
      return watchClassAtWork(backEnd, { class_id: classId, since }, onChange, onError);
    },
    see: (before, atWork) => {
      const inNeed = before ? newlyInNeed(before.work, atWork.work) : [];
      return { ...atWork, inNeed: inNeed.length ? inNeed : (before?.inNeed ?? []) };
    },
  });
  const work = watching.seen?.work ?? NOBODY;
  const roster = useRoster(classId, work);
  const assignments = useAssignments(classId, work);
  return { ...watching, roster, assignments };
}

/** The active students. It is read again once where somebody works who is not on it: they may have joined since. */
function useRoster(classId: string, work: readonly Live[]) {
  const read = useRead<Member[]>(["names of a class", classId], async ({ driver }) => {
    return (await driver.classes.listStudents(classId, { limit: ALL })).entries;
  });
  const asked = useRef(new Set<string>());
  const { data, mutate } = read;
  useEffect(() => {
    if (!data) return;
    const known = new Set([...data.map(({ student_id }) => student_id), ...asked.current]);
    const unknown = work.filter(({ student_id }) => !known.has(student_id));
    if (unknown.length === 0) return;
    for (const { student_id } of unknown) asked.current.add(student_id);
    void mutate();
  }, [data, work, mutate]);
  return read;
}

/** Those that are worked on, and no others. */
function useAssignments(classId: string, work: readonly Live[]) {
  const ids = [...new Set(work.map(({ assignment_id }) => assignment_id))].sort();
  return useRead<ReadonlyMap<string, Assignment>>(
    ["assignments at work", classId, ids.join()],
    async ({ driver }) => {
      const read = await Promise.all(ids.map((id) => driver.assignments.read(classId, id)));
      return new Map(read.map((assignment) => [assignment.assignment_id, assignment]));
    },
    { keepPreviousData: true },
  );
}
