import { type ReactNode, useState } from "react";
import { Link } from "react-router";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Button } from "./button";
import { later } from "./later";
import { useToast } from "./toasts";

const WHOLE = 14;
const IdentifierDialog = later(() => import("./identifier_dialog"));

/** The beginning and the end of a long identifier. */
export function shortened(uid: string): string {
  return uid.length <= WHOLE ? uid : `${uid.slice(0, 7)}…${uid.slice(-4)}`;
}

/** A student, of whom the data has no name: the identifier, shortened, with the whole one to copy. */
export function StudentLink({ uid, isWhole = false }: { uid: string; isWhole?: boolean }) {
  return (
    <div className="student">
      <Link to={`/teach/students/${encodeURIComponent(uid)}`} title={uid}>
        {isWhole ? uid : shortened(uid)}
      </Link>
      <CopyIdentifier uid={uid} />
    </div>
  );
}

export function CopyIdentifier({ uid }: { uid: string }) {
  const t = useMessages(common);
  const { copy, dialog } = useCopyIdentifier(uid, t.copied);
  return (
    <>
      <Button look="quiet" small icon="copy" aria-label={t.copy(uid)} onClick={copy} />
      {dialog}
    </>
  );
}

/**
 * Copies an identifier and says so with `done`. Where the browser does not allow it, as on a page without
 * TLS, `dialog` shows the identifier, selected.
 */
export function useCopyIdentifier(uid: string, done: string): { copy: () => void; dialog: ReactNode } {
  const toast = useToast();
  const [isRefused, setRefused] = useState(false);
  const write = async () => {
    try {
      // On a page without TLS there is no clipboard, whatever the type says.
      await navigator.clipboard.writeText(uid);
      toast(done);
    } catch {
      setRefused(true);
    }
  };
  const dialog = isRefused && <IdentifierDialog uid={uid} onClose={() => setRefused(false)} />;
  return { copy: () => void write(), dialog };
}
