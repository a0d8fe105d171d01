/** What undo and redo lead to. */

export interface History<State> {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
  /** The field of the last change: typing on in it is the same step. */
  readonly field: string | null;
}

export type Step<State> =
  | { type: "change"; field?: string; change: (state: State) => State }
  | { type: "undo" }
  | { type: "redo" }
  /** What is typed next is a step of its own. */
  | { type: "settle" };

const MOST_STEPS = 200;

export function historyOf<State>(present: State): History<State> {
  return { past: [], present, future: [], field: null };
}

export function step<State>(history: History<State>, action: Step<State>): History<State> {
  const { past, present, future } = history;
  switch (action.type) {
    case "change": {
      const next = action.change(present);
      if (next === present) return history;
      const field = action.field ?? null;
      if (field !== null && field === history.field) return { ...history, present: next, future: [] };
      return { past: [...past, present].slice(-MOST_STEPS), present: next, future: [], field };
    }
    case "undo": {
      const before = past.at(-1);
      if (before === undefined) return history;
      return { past: past.slice(0, -1), present: before, future: [present, ...future], field: null };
    }
    case "redo": {
      const [next, ...rest] = future;
      if (next === undefined) return history;
      return { past: [...past, present], present: next, future: rest, field: null };
    }
    case "settle":
      return { ...history, field: null };
  }
}
