import { PracticeProblem } from "practice-client";

import { useHasUnstored } from "@/data/local_state";
import { isWithoutReply } from "@/data/network";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { log as texts } from "@/i18n/log";
import { Button } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";

import type { SubmissionState, Submitting } from "./submission";

interface Props {
  state: SubmissionState;
  submitting: Submitting;
  isBlocked: boolean;
  onStartOver: () => void;
}

/** Where the submission is, and what can be done about it. */
export function SubmitBar({ state, submitting, isBlocked, onStartOver }: Props) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const hasUnstored = useHasUnstored();
  if (state.phase === "ended")
    return (
      <Notice
        kind="warn"
        actions={
          <div className="row">
            <Button small look="primary" onClick={() => submitting.submitAgain()}>
              {t.asNew}
            </Button>
            <Button small onClick={() => submitting.withdraw()}>
              {t.change}
            </Button>
          </div>
        }
      >
        {t.ended}
      </Notice>
    );
  if (state.phase === "waiting")
    return (
      <>
        {!isWithoutReply(state.error) && <ErrorNotice error={state.error} />}
        <Notice
          kind="warn"
          actions={
            <div className="row">
              <Button small icon="refresh" onClick={submitting.retry}>
                {words.tryAgain}
              </Button>
              {state.canChange && (
                <Button small onClick={() => submitting.withdraw()}>
                  {t.change}
                </Button>
              )}
            </div>
          }
        >
          {hasUnstored ? t.waitingOpen : t.waiting} {state.isHalfway && t.halfway}
        </Notice>
      </>
    );
  const isSending = state.phase === "sending";
  const isUnexplained = state.phase === "refused" && !hasFields(state.error);
  return (
    <>
      {isUnexplained && <ErrorNotice error={state.error} />}
      <div className="row">
        <Button type="submit" look="primary" icon="check" isBusy={isSending} disabled={isBlocked}>
          {t.submit}
        </Button>
        {!isSending && (
          <Button look="quiet" icon="undo" onClick={onStartOver}>
            {t.startOver}
          </Button>
        )}
      </div>
      <p className="soft small" role="status">
        {isSending ? t.sending : hasUnstored ? t.draftOpen : t.draft}
      </p>
    </>
  );
}

function hasFields(error: unknown): boolean {
  return error instanceof PracticeProblem && error.errors.length > 0;
}
