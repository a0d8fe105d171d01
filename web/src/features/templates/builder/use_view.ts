import { useCallback, useMemo, useState } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { useToast } from "@/ui/toasts";

import type { Problem } from "../model/check";
import type { Draft } from "../model/draft";
import { openingOf } from "../model/places";
import type { Actions } from "./contexts";
import { MORE_DETAILS } from "./details";
import type { Target } from "./focus";
import type { Dispatch } from "./use_draft";

export type OpenDialog = "preview" | "json" | "questions";

const MOST_OPEN_AT_FIRST = 3;
const IN_DETAILS = new Set([
  "subject",
  "topic",
  "grade_level",
  "root_id",
  "tags",
  "mastery_criterion",
  "visibility",
  "student_ids",
]);

interface Options {
  draft: Draft;
  dispatch: Dispatch;
  /** A field is edited. */
  onEdit: (place: string) => void;
}

/** What of the draft is shown: which parts and dialogs are open, and where the focus goes. */
export function useView({ draft, dispatch, onEdit }: Options) {
  const t = useMessages(templateBuilder);
  const toast = useToast();
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(draft.sections.length <= MOST_OPEN_AT_FIRST ? draft.sections.map(({ key }) => key) : []),
  );
  const [question, setQuestion] = useState<string | null>(null);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [target, setTarget] = useState<Target | null>(null);
  const focus = useCallback((place: string) => {
    setTarget((before) => ({ place, count: (before?.count ?? 0) + 1 }));
  }, []);
  const openKeys = useCallback((keys: readonly (string | undefined)[]) => {
    setOpen((before) => new Set([...before, ...keys.filter((key) => key !== undefined)]));
  }, []);
  const actions = useMemo<Actions>(
    () => ({
      change: (change) => dispatch({ type: "change", change }),
      edit: (place, change) => {
        onEdit(place);
        dispatch({ type: "change", field: place, change });
      },
      reveal: (place, ...keys) => {
        openKeys(keys);
        focus(place);
      },
      toggle: (key) =>
        setOpen((before) =>
          before.has(key) ? new Set([...before].filter((entry) => entry !== key)) : new Set([...before, key]),
        ),
      editQuestion: setQuestion,
      tell: (text) => toast(text, { text: t.undo, run: () => dispatch({ type: "undo" }) }),
    }),
    [dispatch, onEdit, openKeys, focus, toast, t],
  );
  /** Leads to the field of the problem, where it has one. */
  const showProblem = ({ place }: Pick<Problem, "place">) => {
    if (place === undefined) return;
    const opening = openingOf(draft, place);
    const isInDetails = IN_DETAILS.has(place.split(".")[0] ?? "");
    openKeys([opening.section, opening.exercise, isInDetails ? MORE_DETAILS : undefined]);
    setQuestion(opening.question ?? null);
    focus(place);
  };
  return { open, question, dialog, setDialog, target, actions, showProblem };
}
