import * as Radix from "@radix-ui/react-toast";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Button } from "./button";
import type { Toast } from "./toasts";

const SHOWN_MS = 6_000;

/** The toasts with Radix: announced to screen readers, and longer on the screen while they are looked at. */
export default function ShownToasts({ toasts, onEnd }: { toasts: Toast[]; onEnd: (key: number) => void }) {
  const t = useMessages(common);
  return (
    <Radix.Provider duration={SHOWN_MS} label={t.news}>
      {toasts.map(({ key, text, action }) => (
        <Radix.Root key={key} className="toast" onOpenChange={(isOpen) => !isOpen && onEnd(key)}>
          <Radix.Description>{text}</Radix.Description>
          {action && (
            <Radix.Action asChild altText={action.text}>
              <Button small onClick={action.run}>
                {action.text}
              </Button>
            </Radix.Action>
          )}
        </Radix.Root>
      ))}
      <Radix.Viewport className="toasts" />
    </Radix.Provider>
  );
}
