import { useRef, useState } from "react";
import { useBlocker } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { isWithoutReply } from "@/data/network";
import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { ErrorNotice } from "@/ui/notice";
import { Page } from "@/ui/page";

import { newId } from "../model/draft";
import { ActionsContext, OpenContext, ProblemsContext } from "./contexts";
import { Details } from "./details";
import { Dialogs } from "./dialogs";
import { Focus } from "./focus";
import { type DraftSlot, NEW, openSlot, slotOfTab } from "./kept";
import { KeptNotice, OtherDrafts } from "./kept_notice";
import { LeaveDialog } from "./leave";
import { ProblemList } from "./problem_list";
import { Sections } from "./sections";
import { Toolbar } from "./toolbar";
import { useUndoKeys } from "./undo_keys";
import { type Base, useDraft } from "./use_draft";
import { useProblems } from "./use_problems";
import { useSaving } from "./use_saving";
import { useView } from "./use_view";
import "./builder.css";

interface Props {
  /** null for a new template. */
  templateId: string | null;
  /** What a new template is copied from. */
  from?: string;
  stored: Base;
  /** While the template has no name. */
  title: string;
}

/** Writes a template. Give it a `key`: each template has a builder of its own. */
export function Builder({ from, ...props }: Props) {
  const { uid } = useBackEnd();
  const of = props.templateId ?? NEW;
  const page = from === undefined ? of : `copy.${from}`;
  const [{ slot, count }, setOpened] = useState(() => ({ slot: slotOfTab(uid, of, page), count: 0 }));
  const open = (id: string) => setOpened({ slot: openSlot(uid, of, page, id), count: count + 1 });
  return <OpenDraft key={count} {...props} of={of} slot={slot} onOpen={open} />;
}

interface OpenProps extends Omit<Props, "from"> {
  of: string;
  slot: DraftSlot;
  onOpen: (id: string) => void;
}

function OpenDraft({ templateId, stored, title, of, slot, onOpen }: OpenProps) {
  const t = useMessages(templateBuilder);
  const drafted = useDraft(slot, stored);
  const { draft, base, isChanged, history, dispatch, keptAt, keepPending, end } = drafted;
  const [showsKept, setShowsKept] = useState(keptAt !== undefined);
  const problems = useProblems(draft);
  const view = useView({ draft, dispatch, onEdit: problems.forget });
  const isLeaving = useRef(false);
  const leave = () => {
    isLeaving.current = true;
  };
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isChanged && !isLeaving.current && currentLocation.pathname !== nextLocation.pathname,
  );
  const saving = useSaving({
    templateId,
    drafted,
    problems,
    showProblem: view.showProblem,
    onSaved: () => setShowsKept(false),
    onLeave: leave,
  });
  const { save, isSaving, failure, conflict } = saving;
  useUndoKeys(dispatch, view.question === null && view.dialog === null && conflict === null);
  const discard = () => {
    setShowsKept(false);
    keepPending(null);
    dispatch({ type: "base", base: stored });
    dispatch({ type: "change", change: () => stored.draft });
    view.actions.tell(t.discarded);
  };
  const isRepeated = failure !== undefined && isWithoutReply(failure);
  const status = isSaving
    ? t.saving
    : isRepeated
      ? t.savesLater
      : isChanged
        ? t.notSaved
        : templateId === null
          ? t.notStored
          : t.allSaved;
  return (
    <ActionsContext value={view.actions}>
      <ProblemsContext value={problems.byPlace}>
        <OpenContext value={view.open}>
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
              onOpen={view.setDialog}
              onSave={() => save()}
              onLeave={() => {
                leave();
                end();
              }}
            />
            {showsKept && isChanged && (
              <KeptNotice
                at={keptAt}
                onContinue={() => setShowsKept(false)}
                onDiscard={discard}
                onBeginAnother={templateId === null ? () => onOpen(newId()) : undefined}
              />
            )}
            <OtherDrafts of={of} openId={slot.id} onOpen={onOpen} />
            {failure !== undefined && (
              <ErrorNotice error={failure} retry={() => save()} isRetrying={isSaving}>
                {isRepeated && t.savesByItself}
              </ErrorNotice>
            )}
            {problems.all.length > 0 && <ProblemList problems={problems.all} onShow={view.showProblem} />}
            <Details draft={draft} />
            <Sections draft={draft} />
          </Page>
          <Dialogs draft={draft} base={base.draft} view={view} saving={saving} />
          <LeaveDialog blocker={blocker} />
          <Focus target={view.target} />
        </OpenContext>
      </ProblemsContext>
    </ActionsContext>
  );
}
