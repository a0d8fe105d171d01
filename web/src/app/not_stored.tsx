import { useState } from "react";

import { useHasUnstored } from "@/data/local_state";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { shell } from "@/i18n/shell";
import { Button } from "@/ui/button";

/** Says once that this page alone has what is done and typed, because the browser stores nothing. */
export function NotStored() {
  const t = useMessages(shell);
  const { close } = useMessages(common);
  const hasUnstored = useHasUnstored();
  const [isRead, setRead] = useState(false);
  return (
    <div role="status">
      {hasUnstored && !isRead && (
        <p className="offline">
          {t.notStored}{" "}
          <Button small look="quiet" icon="cross" aria-label={close} onClick={() => setRead(true)} />
        </p>
      )}
    </div>
  );
}
