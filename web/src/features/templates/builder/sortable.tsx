import {
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  closestCenter,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { type ReactNode, useMemo } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Icon } from "@/ui/icons";

interface Keyed {
  readonly key: string;
}

interface Props<Entry> {
  entries: readonly Entry[];
  nameOf: (entry: Entry) => string;
  onMove: (key: string, place: number) => void;
  /** The handle goes where it is dragged by. */
  children: (entry: Entry, handle: ReactNode, place: number) => ReactNode;
  ordered?: boolean;
}

const onlyUpAndDown: Modifier = ({ transform }) => ({ ...transform, x: 0 });

/** A list whose entries are dragged by a handle: by mouse and finger, or by space and the arrow keys. */
export function Sortable<Entry extends Keyed>({ entries, nameOf, onMove, children, ordered }: Props<Entry>) {
  const t = useMessages(templateBuilder).drag;
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const keys = useMemo(() => entries.map(({ key }) => key), [entries]);
  const say = (id: string | number) => {
    const entry = entries.find(({ key }) => key === id);
    return entry ? nameOf(entry) : "";
  };
  const placeOf = (id: string | number) => keys.indexOf(String(id)) + 1;
  const accessibility = {
    screenReaderInstructions: { draggable: t.instructions },
    announcements: {
      onDragStart: ({ active }: { active: { id: string | number } }) => t.taken(say(active.id)),
      onDragOver: ({ active, over }: Pick<DragEndEvent, "active" | "over">) =>
        over ? t.over(say(active.id), placeOf(over.id), keys.length) : undefined,
      onDragEnd: ({ active, over }: Pick<DragEndEvent, "active" | "over">) =>
        t.dropped(say(active.id), placeOf(over?.id ?? active.id), keys.length),
      onDragCancel: ({ active }: { active: { id: string | number } }) => t.cancelled(say(active.id)),
    },
  };
  const List = ordered ? "ol" : "ul";
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      modifiers={[onlyUpAndDown]}
      accessibility={accessibility}
      onDragEnd={({ active, over }) => {
        if (over && over.id !== active.id) onMove(String(active.id), keys.indexOf(String(over.id)));
      }}
    >
      <SortableContext items={keys} strategy={verticalListSortingStrategy}>
        <List role="list" className="sortable">
          {entries.map((entry, place) => (
            <Item key={entry.key} id={entry.key} name={nameOf(entry)}>
              {(handle) => children(entry, handle, place)}
            </Item>
          ))}
        </List>
      </SortableContext>
    </DndContext>
  );
}

interface ItemProps {
  id: string;
  name: string;
  children: (handle: ReactNode) => ReactNode;
}

function Item({ id, name, children }: ItemProps) {
  const t = useMessages(templateBuilder).drag;
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
    attributes: { roleDescription: t.role },
  });
  const handle = (
    <button
      type="button"
      ref={setActivatorNodeRef}
      className="button button-quiet button-small button-icon grip"
      {...attributes}
      {...listeners}
      aria-label={t.handle(name)}
    >
      <Icon name="grip" />
    </button>
  );
  return (
    <li
      ref={setNodeRef}
      className={isDragging ? "sortable-item is-dragged" : "sortable-item"}
      style={{ transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined, transition }}
    >
      {children(handle)}
    </li>
  );
}

