import type { ReactNode } from "react";

import { Button, type ButtonProps } from "./button";
import { Dialog } from "./dialog";
import { ErrorNotice } from "./notice";

interface Props {
  title: string;
  children: ReactNode;
  /** As `useAction` returns it. */
  action: { run: () => void; retry: () => void; isBusy: boolean; error: unknown };
  /** The button that runs the action. */
  button: Pick<ButtonProps, "look" | "icon"> & { text: string };
  /** The text of the button that only closes. */
  cancel: string;
  wide?: boolean;
  onClose: () => void;
}

/** Asks before an action, and stays open until it has worked. */
export function ActionDialog({ title, children, action, button, cancel, wide = false, onClose }: Props) {
  const { run, retry, isBusy, error } = action;
  const { text, ...styled } = button;
  return (
    <Dialog
      isOpen
      title={title}
      wide={wide}
      onClose={onClose}
      actions={
        <>
          <Button {...styled} isBusy={isBusy} onClick={() => run()}>
            {text}
          </Button>
          <Button onClick={onClose}>{cancel}</Button>
        </>
      }
    >
      {children}
      {error !== undefined && <ErrorNotice error={error} retry={retry} isRetrying={isBusy} />}
    </Dialog>
  );
}
