import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Button } from "./button";

interface OpenProps {
  title: string;
  /** Called by Escape and by the close button too. */
  onClose: () => void;
  wide?: boolean;
  actions?: ReactNode;
  children: ReactNode;
}

/** A native modal dialog: the browser traps the focus, and returns it to where it was. */
export function Dialog({ isOpen, ...rest }: OpenProps & { isOpen: boolean }) {
  return isOpen ? <OpenDialog {...rest} /> : null;
}

function OpenDialog({ title, onClose, wide, actions, children }: OpenProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const t = useMessages(common);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // Before the element goes: a dialog that is removed without being closed does not return the focus.
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? "dialog dialog-wide" : "dialog"}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="stack">
        <div className="row between">
          <h2 id={id} className="grow">
            {title}
          </h2>
          <Button look="quiet" small icon="cross" aria-label={t.close} onClick={onClose} />
        </div>
        {children}
        {actions && <div className="row">{actions}</div>}
      </div>
    </dialog>
  );
}
