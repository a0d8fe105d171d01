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
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { type RefObject, type SyntheticEvent, useLayoutEffect, useMemo } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";

export interface Keyed {
  readonly key: string;
}

/** What begins a drag, by the names of React's handlers. */
export type Listeners = Partial<Record<"onPointerDown" | "onKeyDown", (event: SyntheticEvent) => void>>;

interface Named extends Keyed {
  readonly name: string;
}

interface Props {
  entries: readonly Named[];
  onMove: (key: string, place: number) => void;
  /** The list, whose entries have `data-key` and their handles `data-grip`. */
  list: RefObject<HTMLElement | null>;
  listeners: RefObject<Map<string, Listeners>>;
}

const onlyUpAndDown: Modifier = ({ transform }) => ({ ...transform, x: 0 });

/**
 * dnd-kit beside the list, not around it: the list stays as it is when this is loaded, and with it the focus
 * and what is typed.
 */
export default function DragLayer({ entries, onMove, list, listeners }: Props) {
  const t = useMessages(templateBuilder).drag;
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const keys = useMemo(() => entries.map(({ key }) => key), [entries]);
  type Id = string | number;
  const say = (id: Id) => entries.find(({ key }) => key === id)?.name ?? "";
  const placeOf = (id: Id) => keys.indexOf(String(id)) + 1;
  const announcements = {
    onDragStart: ({ active }: { active: { id: Id } }) =>
      t.taken(say(active.id), placeOf(active.id), keys.length),
    onDragOver: ({ active, over }: Pick<DragEndEvent, "active" | "over">) =>
      over
        ? (over.id === active.id ? t.taken : t.over)(say(active.id), placeOf(over.id), keys.length)
        : undefined,
    onDragEnd: ({ active, over }: Pick<DragEndEvent, "active" | "over">) =>
      t.dropped(say(active.id), placeOf(over?.id ?? active.id), keys.length),
    onDragCancel: ({ active }: { active: { id: Id } }) => t.cancelled(say(active.id)),
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      modifiers={[onlyUpAndDown]}
      // The list has its own instructions.
      accessibility={{ screenReaderInstructions: { draggable: "" }, announcements }}
      onDragEnd={({ active, over }) => {
        if (over && over.id !== active.id) onMove(String(active.id), keys.indexOf(String(over.id)));
      }}
    >
      <SortableContext items={keys} strategy={verticalListSortingStrategy}>
        {keys.map((key) => (
          <Bridge key={key} id={key} list={list} listeners={listeners} />
        ))}
      </SortableContext>
    </DndContext>
  );
}

/** Connects dnd-kit with the entry of the list. */
function Bridge({ id, list, listeners }: { id: string } & Pick<Props, "list" | "listeners">) {
  const sortable = useSortable({ id });
  const { setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = sortable;
  const y = transform?.y;
  useLayoutEffect(() => {
    const known = listeners.current;
    known.set(id, sortable.listeners ?? {});
    return () => void known.delete(id);
  }, [id, listeners, sortable.listeners]);
  useLayoutEffect(() => {
    const item = list.current?.querySelector<HTMLElement>(`:scope > [data-key="${id}"]`) ?? null;
    setNodeRef(item);
    setActivatorNodeRef(item?.querySelector<HTMLElement>(`[data-grip="${id}"]`) ?? null);
    return () => setNodeRef(null);
  }, [id, list, setNodeRef, setActivatorNodeRef]);
  useLayoutEffect(() => {
    const item = list.current?.querySelector<HTMLElement>(`:scope > [data-key="${id}"]`);
    if (!item) return;
    item.style.transform = y === undefined ? "" : `translate3d(0, ${y}px, 0)`;
    item.style.transition = transition ?? "";
    item.classList.toggle("is-dragged", isDragging);
  }, [id, list, y, transition, isDragging]);
  return null;
}
