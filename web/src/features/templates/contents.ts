interface ExerciseContents {
  name: string;
  description: string;
  questions: number;
}

interface SectionContents {
  name: string;
  minutes: number | null;
  exercises: ExerciseContents[];
}

export interface Contents {
  sections: SectionContents[];
  minutes: number | null;
  exercises: number;
  questions: number;
}

interface StoredContent {
  total_duration_minutes?: number | null;
  sections?: {
    name?: string;
    duration_minutes?: number | null;
    exercises?: { name?: string; description?: string | null; questions?: unknown[] | null }[] | null;
  }[];
}

/** What is in the public content of a template. It was validated when it was stored, perhaps by an older version. */
export function contentsOf(content: unknown): Contents {
  const { sections = [], total_duration_minutes } = (content ?? {}) as StoredContent;
  const read = sections.map<SectionContents>(({ name, duration_minutes, exercises }) => ({
    name: name ?? "",
    minutes: duration_minutes ?? null,
    exercises: (exercises ?? []).map((exercise) => ({
      name: exercise.name ?? "",
      description: exercise.description ?? "",
      questions: exercise.questions?.length ?? 0,
    })),
  }));
  const all = read.flatMap(({ exercises }) => exercises);
  const known = read.map(({ minutes }) => minutes).filter((minutes) => minutes !== null);
  return {
    sections: read,
    minutes: total_duration_minutes ?? (known.length ? known.reduce((sum, value) => sum + value, 0) : null),
    exercises: all.length,
    questions: all.reduce((sum, { questions }) => sum + questions, 0),
  };
}
