import { type ReactNode, useEffect, useId, useRef } from "react";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Button } from "./button";

interface Props {
  title: string;
  isOpen: boolean;
  /** Called by Escape and by the close button too. */
  onClose: () => void;
  wide?: boolean;
  actions?: ReactNode;
  children: ReactNode;
}

/** A native modal dialog: the browser traps the focus and returns it. */
export function Dialog({ title, isOpen, onClose, wide, actions, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  const t = useMessages(common);
  useEffect(() => {
    if (isOpen) ref.current?.showModal();
  }, [isOpen]);
  if (!isOpen) return null;
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
