import * as Radix from "@radix-ui/react-dropdown-menu";

import { Button, type ButtonProps } from "./button";
import { Icon } from "./icons";
import type { MenuEntry } from "./menu";

/** The menu with Radix: arrow keys, typing ahead, Escape and the focus. It begins open. */
export default function OpenMenu({ button, entries }: { button: ButtonProps; entries: MenuEntry[] }) {
  return (
    // Not modal: the lock of scrolling would write a style element, which the page's policy refuses.
    <Radix.Root modal={false} defaultOpen>
      <Radix.Trigger asChild>
        <Button {...button} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align="end" sideOffset={6} collisionPadding={8}>
          {entries.map((entry) => (
            <Entry key={entry.kind === "choice" ? entry.label : entry.text} entry={entry} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry.kind === "label") return <Radix.Label className="menu-label">{entry.text}</Radix.Label>;
  if (entry.kind === "choice")
    return (
      <Radix.RadioGroup value={entry.value} onValueChange={entry.onChoose} aria-label={entry.label}>
        <Radix.Label className="menu-label">{entry.label}</Radix.Label>
        {entry.choices.map(({ value, text }) => (
          <Radix.RadioItem key={value} className="menu-item" value={value}>
            <span className="menu-check">
              <Radix.ItemIndicator>
                <Icon name="check" />
              </Radix.ItemIndicator>
            </span>
            {text}
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    );
  return (
    <Radix.Item className="menu-item" disabled={entry.isDisabled ?? false} onSelect={entry.onSelect}>
      {entry.icon && <Icon name={entry.icon} />}
      {entry.text}
    </Radix.Item>
  );
}
