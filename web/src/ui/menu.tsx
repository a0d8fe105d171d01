import { useState } from "react";

import { Button, type ButtonProps } from "./button";
import type { IconName } from "./icons";
import { later } from "./later";

export type MenuEntry =
  | { kind?: "action"; text: string; icon?: IconName; isDisabled?: boolean; onSelect: () => void }
  | { kind: "label"; text: string }
  | {
      kind: "choice";
      label: string;
      value: string;
      choices: readonly { value: string; text: string }[];
      onChoose: (value: string) => void;
    };

interface Props {
  /** The button that opens the menu. */
  button: ButtonProps;
  entries: MenuEntry[];
}

const load = () => import("./open_menu");
const OpenMenu = later(load);

/** A menu whose code is loaded when it is first opened. */
export function Menu({ button, entries }: Props) {
  const [wasOpened, setOpened] = useState(false);
  const closed = (
    <Button
      aria-haspopup="menu"
      aria-expanded={false}
      {...button}
      onPointerEnter={() => void load().catch(() => undefined)}
      onClick={() => setOpened(true)}
    />
  );
  if (!wasOpened) return closed;
  return <OpenMenu button={button} entries={entries} fallback={closed} />;
}
