import { Link } from "react-router";

import { useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { Button } from "@/ui/button";
import { useToast } from "@/ui/toasts";

import { shortened } from "./shortened";

/** A student, of whom the data has no name: the identifier, shortened, with the whole one to copy. */
export function StudentLink({ uid }: { uid: string }) {
  return (
    <span className="teach-student">
      <Link to={`/teach/students/${encodeURIComponent(uid)}`} title={uid}>
        {shortened(uid)}
      </Link>
      <CopyId uid={uid} />
    </span>
  );
}

export function CopyId({ uid }: { uid: string }) {
  const t = useMessages(teach);
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(uid);
      toast(t.copied);
    } catch {
      toast(t.notCopied(uid)); // not allowed, or not a secure page
    }
  };
  return <Button look="quiet" small icon="copy" aria-label={t.copy(uid)} onClick={() => void copy()} />;
}
