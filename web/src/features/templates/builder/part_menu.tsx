import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Menu } from "@/ui/menu";

import { useActions } from "./contexts";

interface Props {
  name: string;
  canMoveUp: boolean;
  canMoveDown: boolean;
  onMove: (by: -1 | 1) => void;
  onDuplicate: () => void;
  onRemove: () => void;
  /** What takes the focus when the part is removed. */
  nextPlace: string;
}

/** What can be done with a section, an exercise or a question. */
export function PartMenu({ name, canMoveUp, canMoveDown, nextPlace, ...props }: Props) {
  const t = useMessages(templateBuilder);
  const { reveal, tell } = useActions();
  const move = (by: -1 | 1) => {
    props.onMove(by);
    tell(t.moved(name));
  };
  return (
    <Menu
      button={{ look: "quiet", small: true, icon: "menu", "aria-label": t.actionsOf(name) }}
      entries={[
        { text: t.moveUp, icon: "up", isDisabled: !canMoveUp, onSelect: () => move(-1) },
        { text: t.moveDown, icon: "down", isDisabled: !canMoveDown, onSelect: () => move(1) },
        { text: t.duplicate, icon: "copy", onSelect: props.onDuplicate },
        {
          text: t.remove,
          icon: "trash",
          onSelect: () => {
            props.onRemove();
            reveal(nextPlace);
            tell(t.removed(name));
          },
        },
      ]}
    />
  );
}
