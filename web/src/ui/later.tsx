import { type ComponentType, type ReactNode, useEffect, useState } from "react";

/**
 * Like React's lazy, but a part that cannot be loaded leaves the page as it is: without network the fallback
 * stays, and the part is loaded when the network is back.
 */
export function later<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) {
  let known: ComponentType<Props> | undefined;
  return function Later({ fallback = null, ...props }: Props & { fallback?: ReactNode }) {
    const [Part, setPart] = useState(() => known);
    useEffect(() => {
      if (Part) return;
      let isGone = false;
      const read = () => {
        load().then(
          (module) => {
            known = module.default;
            if (!isGone) setPart(() => module.default);
          },
          () => {
            if (!isGone) addEventListener("online", read, { once: true });
          },
        );
      };
      read();
      return () => {
        isGone = true;
        removeEventListener("online", read);
      };
    }, [Part]);
    return Part ? <Part {...(props as unknown as Props)} /> : fallback;
  };
}
