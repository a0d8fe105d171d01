import type { PracticeSessionDriver, StoredSession, TutoredPractice } from "practice-client";
import { type ReactNode, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { writeLocal } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { practice as texts } from "@/i18n/practice";
import { Button } from "@/ui/button";
import { Menu } from "@/ui/menu";
import { Notice } from "@/ui/notice";
import { Page, Skeleton } from "@/ui/page";
import { useToast } from "@/ui/toasts";

import { Announcements } from "./announcements";
import { forgetDrafts } from "./draft";
import { pendingOf } from "./entries";
import { newsIdOf } from "./feedback";
import { DiscardDialog, FinishDialog } from "./finish";
import { NotesLeft, notesSlot } from "./notes";
import { Failure, Interrupted } from "./problems";
import { Standing } from "./skills";
import { type Shown, Thread } from "./thread";
import { usePractice } from "./use_practice";

interface Props<Kind extends TutoredPractice> {
  /** What notes that are not stored yet are kept under: the template's id, or that of the daily pack. */
  slot: string;
  create: (driver: PracticeSessionDriver) => Kind;
  /** The template's name where it is not given. */
  title?: string;
  /** Shown where there is nothing to practise. */
  nothing?: (practice: Kind) => ReactNode;
  /** How it ends, in other words than those of practice. */
  ending?: Ending;
  onDone: (sessionId: string) => void;
  /** Without it the practice is not discarded. */
  onDiscarded?: () => void;
}

export interface Ending {
  /** On the buttons that end it. */
  button: string;
  title: string;
  text: (state: StoredSession) => string;
  /** On the button that goes on. */
  goOn: string;
  /** Said after the last question. */
  allAsked: string;
}

/** A running practice: the thread of its turns, how it goes, and its end. */
export function Practice<Kind extends TutoredPractice>(props: Props<Kind>) {
  const { slot, create, title, nothing, ending, onDone, onDiscarded } = props;
  const t = useMessages(texts);
  const { news } = useMessages(common);
  const { uid } = useBackEnd();
  const toast = useToast();
  const practice = usePractice(create);
  const [dialog, setDialog] = useState<"finish" | "discard">();
  const { thread } = practice;
  const { state } = thread;
  const shown = shownOf(practice);
  const finished = ({ session_id }: StoredSession) => {
    forgetDrafts(uid, session_id);
    setDialog(undefined);
    onDone(session_id);
  };
  const discarded = ({ session_id }: StoredSession) => {
    forgetDrafts(uid, session_id);
    writeLocal(uid, notesSlot(slot, session_id), undefined);
    setDialog(undefined);
    toast(t.discarded);
    onDiscarded?.();
  };
  const isNothing = thread.status === "ready" && !state && !thread.interrupted && !thread.failed;
  const isIdle = thread.status === "ready" && state !== undefined && !thread.interrupted;
  const isAllDone = isIdle && state.current.awaiting === null;
  if (isNothing && nothing) return nothing(practice.practice);
  return (
    <Page
      title={title ?? state?.template_name ?? t.title}
      actions={
        (state ?? !thread.failed) && (
          <>
            <Button icon="check" isBusy={!isIdle} onClick={() => setDialog("finish")}>
              {ending?.button ?? t.enough}
            </Button>
            {onDiscarded && (
              <Menu
                button={{ icon: "menu", look: "quiet", "aria-label": t.more }}
                entries={[
                  {
                    text: t.discard,
                    icon: "trash",
                    isDisabled: !isIdle,
                    onSelect: () => setDialog("discard"),
                  },
                ]}
              />
            )}
          </>
        )
      }
    >
      <div className="practice">
        <div className="stack practice-main">
          {thread.isResumed && <Notice>{t.resumed(state?.progress.questions_answered ?? 0)}</Notice>}
          {shown.entries.length > 0 && <Thread shown={shown} />}
          {thread.status === "opening" && !thread.failed && shown.entries.length === 0 && (
            <Skeleton height={9} count={2} />
          )}
          <Announcements thread={thread} label={news} />
          {isIdle && !thread.isStored && (
            <Notice
              kind="warn"
              actions={
                <Button small icon="refresh" onClick={practice.store}>
                  {t.storeNow}
                </Button>
              }
            >
              {t.notStored}
            </Notice>
          )}
          {isAllDone && (
            <Notice
              kind="good"
              actions={
                <Button look="primary" icon="check" onClick={() => setDialog("finish")}>
                  {ending?.button ?? t.finishNow}
                </Button>
              }
            >
              {ending?.allAsked ?? t.allAsked}
            </Notice>
          )}
          <Failure practice={practice} />
          <Interrupted practice={practice} />
          {state && (
            <NotesLeft
              templateId={slot}
              active={thread.interrupted === "ended" ? undefined : state.session_id}
            />
          )}
        </div>
        {state ? (
          <Standing state={state} progress={shown.entries.at(-1)?.call.args.progress} />
        ) : (
          <div className="standing">
            <Skeleton height={9} />
          </div>
        )}
      </div>
      {state && dialog === "finish" && (
        <FinishDialog
          templateId={slot}
          sessionId={state.session_id}
          words={wordsOf(state, ending, t)}
          complete={(fields) => practice.practice.complete(fields)}
          onClose={() => setDialog(undefined)}
          onDone={() => finished(state)}
        />
      )}
      {state && dialog === "discard" && (
        <DiscardDialog
          sessionId={state.session_id}
          discard={() => practice.practice.discard()}
          onClose={() => setDialog(undefined)}
          onDiscarded={() => discarded(state)}
          onFinished={() => finished(state)}
        />
      )}
    </Page>
  );
}

function wordsOf(state: StoredSession, ending: Ending | undefined, t: (typeof texts)["en"]) {
  return ending
    ? { title: ending.title, text: ending.text(state), button: ending.button, goOn: ending.goOn }
    : { title: t.finish, text: t.finishText, button: t.finishNow, goOn: t.goOnPractising };
}

/** The entries with those of the turn under way, which its reply replaces. */
function shownOf(practice: Shown["practice"]): Shown {
  const { thread } = practice;
  const entries = practice.withStreamed();
  const pending = thread.interrupted ? undefined : pendingOf(entries);
  const feedback = entries.findLast(({ call }) => call.name === "feedback_presentation");
  return { practice, entries, pending, newsId: feedback && newsIdOf(feedback) };
}
