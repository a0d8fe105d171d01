import { useEffect, useState } from "react";

import { useUser } from "@/auth/session";
import { type Unsent, unsentWork } from "@/data/unsent";
import { useMessages } from "@/i18n";
import { shell } from "@/i18n/shell";
import { signOut as texts } from "@/i18n/sign_out";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

const LOOK_MS = 1_000;

/** Names what is not stored yet, which signing out removes. */
export default function SignOutDialog({ onClose }: { onClose: () => void }) {
  const t = useMessages(texts);
  const words = useMessages(shell);
  const { signOut } = useUser();
  const unsent = useUnsent();
  return (
    <Dialog
      isOpen
      title={words.signOut}
      onClose={onClose}
      actions={
        <>
          <Button look={unsent.length > 0 ? "danger" : "primary"} onClick={() => void signOut()}>
            {unsent.length > 0 ? t.anyway : words.signOut}
          </Button>
          <Button onClick={onClose}>{t.stay}</Button>
        </>
      }
    >
      <div role="status" className="stack">
        <p>{unsent.length > 0 ? t.unsent : t.nothingUnsent}</p>
        {unsent.length > 0 && (
          <ul>
            {unsent.map((part) => (
              <li key={part}>{t.unsentOf[part]}</li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

/** What is sent meanwhile is no longer named. */
function useUnsent(): Unsent[] {
  const { uid } = useUser();
  const [unsent, setUnsent] = useState(() => unsentWork(uid));
  useEffect(() => {
    const timer = setInterval(() => setUnsent(unsentWork(uid)), LOOK_MS);
    return () => clearInterval(timer);
  }, [uid]);
  return unsent;
}
