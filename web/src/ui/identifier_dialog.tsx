import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Dialog } from "./dialog";
import { TextField } from "./field";

interface Props {
  uid: string;
  onClose: () => void;
}

/** An identifier, selected, for a person to copy. */
export default function IdentifierDialog({ uid, onClose }: Props) {
  const t = useMessages(common);
  return (
    <Dialog title={t.identifier} isOpen onClose={onClose}>
      <TextField
        label={t.copyYourself}
        readOnly
        ref={takeFocus}
        value={uid}
        onFocus={({ target }) => target.select()}
      />
    </Dialog>
  );
}

/** The dialog focuses it when it opens; React's `autoFocus` would come before that. */
function takeFocus(input: HTMLInputElement | null): void {
  input?.setAttribute("autofocus", "");
}
