import { useEffect } from "react";

export interface Target {
  place: string;
  /** How often the focus was moved: it may go to the same place again. */
  count: number;
}

/** Moves the focus when what was opened for it is on the page. It is the last child: dialogs open before. */
export function Focus({ target }: { target: Target | null }) {
  useEffect(() => {
    if (!target) return;
    const field = document.querySelector<HTMLElement>(`[data-place="${CSS.escape(target.place)}"]`);
    field?.focus();
    field?.scrollIntoView({ block: "center" });
  }, [target]);
  return null;
}
