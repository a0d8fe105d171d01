import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useId,
  useRef,
  useSyncExternalStore,
} from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Icon } from "@/ui/icons";
import { later } from "@/ui/later";

import type { Keyed, Listeners } from "./drag_layer";

interface Props<Entry> {
  entries: readonly Entry[];
  nameOf: (entry: Entry) => string;
  onMove: (key: string, place: number) => void;
  /** The handle goes where it is dragged by. */
  children: (entry: Entry, handle: ReactNode, place: number) => ReactNode;
  ordered?: boolean;
}

// dnd-kit is as large as the rest of the builder, and most visits drag nothing.
const DragLayer = later(() => import("./drag_layer"));

/** A list whose entries are dragged by a handle: by mouse and finger, or by space and the arrow keys. */
export function Sortable<Entry extends Keyed>({ entries, nameOf, onMove, children, ordered }: Props<Entry>) {
  const t = useMessages(templateBuilder).drag;
  const isWanted = useWasTouched();
  const id = useId();
  const list = useRef<HTMLElement>(null);
  const listeners = useRef(new Map<string, Listeners>());
  const named = entries.map((entry) => ({ key: entry.key, name: nameOf(entry) }));
  const List = ordered ? "ol" : "ul";
  const hear = (key: string, name: "onPointerDown" | "onKeyDown") => (event: PointerEvent | KeyboardEvent) =>
    listeners.current.get(key)?.[name]?.(event);
  return (
    <>
      <List
        role="list"
        className="sortable"
        ref={(node: HTMLElement | null) => {
          list.current = node;
        }}
      >
        {entries.map((entry, place) => (
          <li key={entry.key} className="sortable-item" data-key={entry.key}>
            {children(
              entry,
              <button
                type="button"
                className="button button-quiet button-small button-icon grip"
                data-grip={entry.key}
                aria-label={t.handle(nameOf(entry))}
                aria-roledescription={t.role}
                aria-describedby={`${id}-help`}
                onPointerDown={hear(entry.key, "onPointerDown")}
                onKeyDown={hear(entry.key, "onKeyDown")}
              >
                <Icon name="grip" />
              </button>,
              place,
            )}
          </li>
        ))}
      </List>
      <span id={`${id}-help`} hidden>
        {t.instructions}
      </span>
      {isWanted && <DragLayer entries={named} onMove={onMove} list={list} listeners={listeners} />}
    </>
  );
}

let wasTouched = false;

/** Whether anything on the page was pressed or a key was, so that a drag may follow. */
function useWasTouched(): boolean {
  return useSyncExternalStore(subscribe, () => wasTouched);
}

function subscribe(changed: () => void): () => void {
  const events = ["pointerdown", "pointermove", "keydown"] as const;
  const touch = () => {
    wasTouched = true;
    changed();
  };
  for (const event of events) addEventListener(event, touch, { once: true, passive: true });
  return () => {
    for (const event of events) removeEventListener(event, touch);
  };
}
