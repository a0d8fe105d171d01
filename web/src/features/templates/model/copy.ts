import type { Template } from "practice-client";

import type { Draft } from "./draft";
import { draftOf } from "./read";

/**
 * The content for a template of one's own, private at first. Of somebody else's template there are no answer
 * keys to read, so that only questions without any are copied.
 */
export function copyOfTemplate(template: Draft | Template, isOwn: boolean): Draft {
  const draft = "sections" in template ? template : draftOf(template).draft;
  const own: Draft = { ...draft, visibility: "private", students: "" };
  if (isOwn) return own;
  const sections = own.sections.map((section) => ({
    ...section,
    exercises: section.exercises.map((exercise) => ({
      ...exercise,
      questions: exercise.questions.filter(({ kind }) => kind === "self_rated"),
    })),
  }));
  return { ...own, sections };
}
