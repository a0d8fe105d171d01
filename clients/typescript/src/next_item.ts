import type { NextItem, Session } from "./types.js";

/** The first unfinished exercise, in order, as the functions reply it; null if there is none. */
export function nextItemOf({ session_data }: Session): NextItem | null {
  for (const [sectionIndex, section] of (session_data.sections ?? []).entries()) {
    for (const [exerciseIndex, exercise] of (section.exercises ?? []).entries()) {
      if (exercise.completed === true) continue;
      return {
        node_id: exercise.id ?? exercise.name,
        section_index: sectionIndex,
        section_name: section.name,
        exercise_index: exerciseIndex,
        exercise,
      };
    }
  }
  return null;
}
