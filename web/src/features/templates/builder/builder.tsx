import { PracticeProblem } from "practice-client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useBlocker, useNavigate } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { writeLocal } from "@/data/local_state";
import { useLanguage, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { templateBuilder } from "@/i18n/template_builder";
import { checks } from "@/i18n/template_checks";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { later } from "@/ui/later";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page, Skeleton } from "@/ui/page";
import { useToast } from "@/ui/toasts";

import { type Problem, checkDraft } from "../model/check";
import { isSame } from "../model/compare";
import type { Draft } from "../model/draft";
import { openingOf, placeOfPath } from "../model/places";
import { type Actions, ActionsContext, OpenContext, ProblemsContext } from "./contexts";
import { Details, MORE_DETAILS } from "./details";
import { type Kept, slotOf } from "./kept";
import { LeaveDialog } from "./leave";
import { ProblemList } from "./problem_list";
import { QuestionDialog } from "./question_dialog";
import { Sections } from "./sections";
import { Toolbar } from "./toolbar";
import { type Base, useDraft } from "./use_draft";
import { type Stored, useSave } from "./use_save";
import "./builder.css";

const Conflict = later(() => import("./conflict"));
const ImportJson = later(() => import("./import_json"));
const ImportCsv = later(() => import("./import_csv"));
const Preview = later(() => import("./preview"));

export type OpenDialog = "preview" | "json" | "csv";
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

interface Props {
  /** Where what is not saved is kept. */
  slot: string;
  templateId: string | null;
  stored: Base;
  /** While the template has no name. */
  title: string;
}

/** Writes a template. Give it a `key`: each template has a builder of its own. */
export function Builder({ slot, templateId, stored, title }: Props) {
  const t = useMessages(templateBuilder);
  const shared = useMessages(common);
  const { language } = useLanguage();
  const { uid } = useBackEnd();
  const navigate = useNavigate();
  const toast = useToast();
  const { draft, base, isChanged, history, dispatch, keptAt, pending, keepPending, end } = useDraft(
    slot,
    stored,
  );
  const { save: send, isSaving } = useSave({ templateId, pending, keep: keepPending });

  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(draft.sections.length <= 3 ? draft.sections.map(({ key }) => key) : []),
  );
  const [question, setQuestion] = useState<string | null>(null);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [showsKept, setShowsKept] = useState(keptAt !== undefined);
  const [isChecked, setChecked] = useState(false);
  const [refused, setRefused] = useState<readonly Problem[]>([]);
  const [failure, setFailure] = useState<unknown>();
  const [conflict, setConflict] = useState<Stored | null>(null);
  const { reveal: focus, target } = useFocus();

  const problems = useMemo<readonly Problem[]>(() => {
    const found = isChecked ? checkDraft(draft, checks[language]) : [];
    const known = new Set(found.map(({ path }) => path));
    return [...found, ...refused.filter(({ path }) => !known.has(path))];
  }, [isChecked, draft, language, refused]);
  const byPlace = useMemo(() => {
    const map = new Map<string, string>();
    for (const { place, message } of problems)
      if (place !== undefined && !map.has(place)) map.set(place, message);
    return map;
  }, [problems]);

  const openKeys = useCallback((keys: readonly (string | undefined)[]) => {
    setOpen((before) => new Set([...before, ...keys.filter((key) => key !== undefined)]));
  }, []);
  const actions = useMemo<Actions>(
    () => ({
      change: (change) => dispatch({ type: "change", change }),
      edit: (place, change) => {
        setRefused((before) =>
          before.some((entry) => entry.place === place)
            ? before.filter((entry) => entry.place !== place)
            : before,
        );
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
    [dispatch, openKeys, focus, toast, t],
  );

  const showProblem = ({ place }: Pick<Problem, "place">) => {
    if (place === undefined) return;
    const opening = openingOf(draft, place);
    openKeys([opening.section, opening.exercise, IN_DETAILS.has(place) ? MORE_DETAILS : undefined]);
    setQuestion(opening.question ?? null);
    focus(place);
  };

  const isLeaving = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isChanged && !isLeaving.current && currentLocation.pathname !== nextLocation.pathname,
  );

  const saved = async (stored: Stored, sent: Draft) => {
    setRefused([]);
    setChecked(false);
    setFailure(undefined);
    setShowsKept(false);
    if (templateId !== null) {
      dispatch({ type: "base", base: { draft: stored.draft, version: stored.version } });
      toast(t.saved);
      return;
    }
    // What was typed during the save goes on under the template's own address.
    const latest = latestDraft.current;
    end();
    if (!isSame(latest, stored.draft)) {
      const kept: Kept = {
        draft: latest,
        base: stored.draft,
        version: stored.version,
        pending: null,
        at: Date.now(),
      };
      writeLocal(uid, slotOf(stored.templateId), kept);
    }
    isLeaving.current = true;
    if (isSame(sent, stored.draft)) toast(t.saved);
    await navigate(`/templates/${stored.templateId}`, { replace: true });
  };
  const latestDraft = useRef(draft);
  useEffect(() => {
    latestDraft.current = draft;
  }, [draft]);

  const save = async (sent: Draft = draft, version: number | null = base.version) => {
    setFailure(undefined);
    setChecked(true);
    const found = checkDraft(sent, checks[language]);
    if (found[0]) {
      setRefused([]);
      const first = found.find(({ place }) => place !== undefined);
      if (first) showProblem(first);
      return;
    }
    dispatch({ type: "settle" });
    if (templateId !== null && version === base.version && isSame(sent, base.draft)) {
      toast(t.allSaved);
      return;
    }
    const result = await send(sent, version);
    if (!result) return;
    if (result.outcome === "saved") {
      await saved(result.stored, sent);
      return;
    }
    if (result.outcome === "changed elsewhere") {
      if (!isSame(sent, result.stored.draft)) setConflict(result.stored);
      else await saved(result.stored, sent);
      return;
    }
    const { error } = result;
    if (result.stored) await saved(result.stored, sent);
    const errors = error instanceof PracticeProblem ? error.errors : [];
    const named = errors.map(({ path, message }) => ({ path, message, place: placeOfPath(sent, path) }));
    setRefused(named);
    const first = named.find(({ place }) => place !== undefined);
    if (first) showProblem(first);
    if (named.length === 0) setFailure(error);
  };

  useRetryOnline(failure instanceof PracticeProblem && failure.reason === "UNAVAILABLE", () => void save());
  useUndoKeys(dispatch, question === null && dialog === null && conflict === null);

  const status = isSaving
    ? t.saving
    : isChanged
      ? t.notSaved
      : templateId === null
        ? t.notStored
        : t.allSaved;
  const closeDialog = () => setDialog(null);
  const loading = (
    <Dialog title={shared.loading} isOpen onClose={closeDialog}>
      <Skeleton height={8} />
    </Dialog>
  );
  return (
    <ActionsContext value={actions}>
      <ProblemsContext value={byPlace}>
        <OpenContext value={open}>
          <Page title={draft.name.trim() || title}>
            <Toolbar
              draft={draft}
              templateId={templateId}
              status={status}
              isSaving={isSaving}
              canUndo={history.past.length > 0}
              canRedo={history.future.length > 0}
              onUndo={() => dispatch({ type: "undo" })}
              onRedo={() => dispatch({ type: "redo" })}
              onOpen={setDialog}
              onSave={() => void save()}
              onLeave={() => {
                isLeaving.current = true;
                end();
              }}
            />
            {showsKept && isChanged && (
              <KeptNotice
                at={keptAt}
                onContinue={() => setShowsKept(false)}
                onDiscard={() => {
                  setShowsKept(false);
                  keepPending(null);
                  dispatch({ type: "base", base: stored });
                  dispatch({ type: "change", change: () => stored.draft });
                  actions.tell(t.discarded);
                }}
              />
            )}
            {failure !== undefined && (
              <ErrorNotice error={failure} retry={() => void save()} isRetrying={isSaving} />
            )}
            {problems.length > 0 && <ProblemList problems={problems} onShow={showProblem} />}
            <Details draft={draft} />
            <Sections draft={draft} />
          </Page>
          {question !== null && <QuestionDialog draft={draft} questionKey={question} />}
          {dialog === "preview" && <Preview draft={draft} onClose={closeDialog} fallback={loading} />}
          {dialog === "json" && <ImportJson draft={draft} onClose={closeDialog} fallback={loading} />}
          {dialog === "csv" && <ImportCsv draft={draft} onClose={closeDialog} fallback={loading} />}
          {conflict && (
            <Conflict
              mine={draft}
              theirs={conflict.draft}
              base={base.draft}
              onClose={() => setConflict(null)}
              onChoose={(chosen) => {
                setConflict(null);
                dispatch({ type: "base", base: { draft: conflict.draft, version: conflict.version } });
                dispatch({ type: "change", change: () => chosen });
                if (!isSame(chosen, conflict.draft)) void save(chosen, conflict.version);
                else actions.tell(t.conflict.taken);
              }}
            />
          )}
          <LeaveDialog blocker={blocker} />
          <Focus target={target} />
        </OpenContext>
      </ProblemsContext>
    </ActionsContext>
  );
}

interface KeptProps {
  at: number | undefined;
  onContinue: () => void;
  onDiscard: () => void;
}

function KeptNotice({ at, onContinue, onDiscard }: KeptProps) {
  const t = useMessages(templateBuilder);
  const { format } = useLanguage();
  return (
    <Notice
      actions={
        <>
          <Button small onClick={onContinue}>
            {t.goOn}
          </Button>
          <Button small look="quiet" icon="trash" onClick={onDiscard}>
            {t.discard}
          </Button>
        </>
      }
    >
      {t.kept(at === undefined ? "" : format.dateTime(new Date(at)))}
    </Notice>
  );
}

interface Target {
  place: string;
  count: number;
}

function useFocus() {
  const [target, setTarget] = useState<Target | null>(null);
  const reveal = useCallback((place: string) => {
    setTarget((before) => ({ place, count: (before?.count ?? 0) + 1 }));
  }, []);
  return { reveal, target };
}

/** Moves the focus when what was opened for it is on the page. It is the last child: dialogs open before. */
function Focus({ target }: { target: Target | null }) {
  useEffect(() => {
    if (!target) return;
    const field = document.querySelector<HTMLElement>(`[data-place="${CSS.escape(target.place)}"]`);
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  }, [target]);
  return null;
}

/** A save that found no network is done when it is back. */
function useRetryOnline(isFailed: boolean, retry: () => void): void {
  const latest = useRef(retry);
  useEffect(() => {
    latest.current = retry;
  });
  useEffect(() => {
    if (!isFailed) return;
    const again = () => latest.current();
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [isFailed]);
}

/** Ctrl+Z and Ctrl+Y outside of text fields, which have an undo of their own. */
function useUndoKeys(dispatch: (action: { type: "undo" } | { type: "redo" }) => void, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || isTextField(event.target)) return;
      const key = event.key.toLowerCase();
      const isRedo = key === "y" || (key === "z" && event.shiftKey);
      if (key !== "z" && !isRedo) return;
      event.preventDefault();
      dispatch({ type: isRedo ? "redo" : "undo" });
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [dispatch, isOn]);
}

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches("textarea, select, input:not([type=checkbox], [type=radio])")
  );
}
