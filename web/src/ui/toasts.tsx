import { type ReactNode, createContext, useCallback, useContext, useState } from "react";

import { later } from "./later";

export interface Toast {
  key: number;
  text: string;
  action?: { text: string; run: () => void } | undefined;
}

type Show = (text: string, action?: Toast["action"]) => void;

const ToastContext = createContext<Show>(() => {
  throw new Error("ToastProvider is missing.");
});
const ShownToasts = later(() => import("./shown_toasts"));

let lastKey = 0;

/** Short news of what has just been done, perhaps with one action, such as undo. Never an error. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const [wasUsed, setUsed] = useState(false);
  const show = useCallback<Show>((text, action) => {
    setUsed(true);
    setToasts((shown) => [...shown, { key: (lastKey += 1), text, action }]);
  }, []);
  const remove = (key: number) => setToasts((shown) => shown.filter((toast) => toast.key !== key));
  return (
    <ToastContext value={show}>
      {children}
      {wasUsed && <ShownToasts toasts={toasts} onEnd={remove} />}
    </ToastContext>
  );
}

export function useToast(): Show {
  return useContext(ToastContext);
}
