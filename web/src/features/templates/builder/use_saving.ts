import { PracticeProblem } from "practice-client";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { useToast } from "@/ui/toasts";

import type { Problem } from "../model/check";
import { isSame } from "../model/compare";
import { type Draft, newId } from "../model/draft";
import { placeOfPath } from "../model/places";
import { openSlot } from "./kept";
import { type Stored, useStore } from "./store";
import type { useDraft } from "./use_draft";
import type { Problems } from "./use_problems";

interface Options {
  templateId: string | null;
  drafted: ReturnType<typeof useDraft>;
  problems: Problems;
  showProblem: (problem: Problem) => void;
  onSaved: () => void;
  /** The page is left for the address of the new template. */
  onLeave: () => void;
}

/** Saves the draft: checks it, sends it, and takes what the server says to its fields. */
export function useSaving({ templateId, drafted, problems, showProblem, onSaved, onLeave }: Options) {
  const t = useMessages(templateBuilder);
  const { uid } = useBackEnd();
  const navigate = useNavigate();
  const toast = useToast();
  const { draft, base, dispatch, pending, keepPending, end } = drafted;
  const store = useStore({ templateId, pending, keep: keepPending });
  const [conflict, setConflict] = useState<Stored | null>(null);
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  }, [draft]);

  const saved = async (stored: Stored, sent: Draft) => {
    problems.clear();
    onSaved();
    if (templateId !== null) {
      dispatch({ type: "base", base: { draft: stored.draft, version: stored.version } });
      toast(t.saved);
      return;
    }
    // What was typed during the save goes on under the template's own address.
    end();
    if (!isSame(latest.current, stored.draft))
      openSlot(uid, stored.templateId, stored.templateId, newId()).write({
        draft: latest.current,
        base: stored.draft,
        version: stored.version,
        pending: null,
        at: Date.now(),
      });
    onLeave();
    if (isSame(sent, stored.draft)) toast(t.saved);
    await navigate(`/templates/${stored.templateId}`, { replace: true });
  };
  /** Throws what has no field. */
  const showRefusal = (error: unknown, sent: Draft) => {
    const errors = error instanceof PracticeProblem ? error.errors : [];
    const named = errors.map(({ path, message }) => ({ path, message, place: placeOfPath(sent, path) }));
    problems.refuse(named);
    if (named.length === 0) throw error;
    const first = named.find(({ place }) => place !== undefined);
    // Whoever has typed on meanwhile is not led away.
    if (first && latest.current === sent) showProblem(first);
  };
  const { run, isBusy, error } = useAction(async (sent: Draft, version: number | null) => {
    const result = await store(sent, version);
    if (result.outcome === "failed") {
      if (result.stored) await saved(result.stored, sent);
      showRefusal(result.error, sent);
    } else if (result.outcome === "saved" || isSame(sent, result.stored.draft))
      await saved(result.stored, sent);
    else setConflict(result.stored);
  });

  const save = (sent: Draft = draft, version: number | null = base.version) => {
    const found = problems.check(sent);
    if (found.length) {
      const first = found.find(({ place }) => place !== undefined);
      if (first) showProblem(first);
      return;
    }
    dispatch({ type: "settle" });
    // Without a reply so far it may be that something else is stored.
    const isStored = templateId !== null && version === base.version && error === undefined;
    if (isStored && isSame(sent, base.draft)) toast(t.allSaved);
    else run(sent, version);
  };
  /** Saves what was chosen of both versions, unless it is what is stored already. */
  const resolve = (chosen: Draft): boolean => {
    if (!conflict) return false;
    setConflict(null);
    dispatch({ type: "base", base: { draft: conflict.draft, version: conflict.version } });
    dispatch({ type: "change", change: () => chosen });
    const isTaken = isSame(chosen, conflict.draft);
    if (!isTaken) save(chosen, conflict.version);
    return isTaken;
  };
  return {
    save,
    isSaving: isBusy,
    /** Why it could not be saved, where no field is to blame. */
    failure: error,
    conflict,
    postpone: () => setConflict(null),
    resolve,
  };
}
