/** What the parts of the builder share. Each context changes for a reason of its own, so that typing stays quick. */

import { createContext, useContext } from "react";

import type { Draft } from "../model/draft";
import type { Place } from "../model/places";

export interface Actions {
  /** A change that is one step of undo. */
  change: (change: (draft: Draft) => Draft) => void;
  /** Typing in a field: one step until another field is edited. */
  edit: (place: Place, change: (draft: Draft) => Draft) => void;
  /** Opens what the place is in, and moves the focus there. */
  reveal: (place: Place, ...keys: string[]) => void;
  toggle: (key: string) => void;
  editQuestion: (key: string | null) => void;
  /** Says what was done, with a way back. */
  tell: (text: string) => void;
}

export const ActionsContext = createContext<Actions | null>(null);
export const ProblemsContext = createContext<ReadonlyMap<Place, string>>(new Map());
export const OpenContext = createContext<ReadonlySet<string>>(new Set());

export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error("The builder is missing.");
  return actions;
}

/** What is wrong with the field. */
export function useProblem(place: Place): string | undefined {
  return useContext(ProblemsContext).get(place);
}

/** How many problems the part and those in it have. */
export function useProblemCount(keys: readonly string[]): number {
  const problems = useContext(ProblemsContext);
  if (problems.size === 0) return 0;
  const wanted = new Set(keys);
  return [...problems.keys()].filter((place) => wanted.has(place.split(".")[0] ?? "")).length;
}

export function useIsOpen(key: string): boolean {
  return useContext(OpenContext).has(key);
}
