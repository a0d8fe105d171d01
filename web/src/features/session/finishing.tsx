import { useHasUnstored } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Button } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page } from "@/ui/page";

import { useWorkState } from "./use_work";
import type { SessionWork } from "./work";

/** The completion is on its way; it waits for the network where there is none. */
export function Finishing({ work }: { work: SessionWork }) {
  const t = useMessages(texts);
  const { session, saving, error } = useWorkState(work);
  const hasUnstored = useHasUnstored();
  const wait = hasUnstored ? t.waitOpen : t.wait;
  return (
    <Page title={session.name} narrow>
      {error !== undefined && <ErrorNotice error={error} retry={work.retry} />}
      <Notice
        actions={
          saving === "waiting" && (
            <Button small onClick={() => work.withdrawFinish()}>
              {t.withdraw}
            </Button>
          )
        }
      >
        {saving === "waiting" ? wait : t.finishing}
      </Notice>
    </Page>
  );
}
