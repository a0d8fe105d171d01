import type { ReactNode } from "react";

import { Button } from "@/ui/button";
import { FieldError } from "@/ui/field";

import type { Place } from "../model/places";
import { useActions, useProblem } from "./contexts";
import { Text } from "./fields";

interface ListProps {
  legend: string;
  help?: string;
  /** Of the list as a whole; the button that adds an entry stands there. */
  place: Place;
  count: number;
  most: number;
  addText: string;
  /** Adds an entry and returns the place of its text. */
  onAdd: () => Place;
  children: ReactNode;
}

/** The choices, hints or criteria of a question. */
export function EntryList({ legend, help, place, count, most, addText, onAdd, children }: ListProps) {
  const { reveal } = useActions();
  return (
    <fieldset className="stack tight">
      <legend className="label">{legend}</legend>
      {help !== undefined && <p className="field-hint">{help}</p>}
      {children}
      <AddButton place={place} text={addText} isPossible={count < most} onAdd={() => reveal(onAdd())} />
    </fieldset>
  );
}

interface AddProps {
  place: Place;
  text: string;
  isPossible?: boolean;
  onAdd: () => void;
}

/** Adds an entry to a list, below what is wrong with the list as a whole. */
export function AddButton({ place, text, isPossible = true, onAdd }: AddProps) {
  const error = useProblem(place);
  return (
    <>
      <FieldError error={error} />
      {isPossible && (
        <div className="row">
          <Button small icon="plus" data-place={place} onClick={onAdd}>
            {text}
          </Button>
        </div>
      )}
    </>
  );
}

interface LineProps {
  children: ReactNode;
  removeText: string;
  onRemove: () => void;
  /** The place of the list, which takes the focus when the entry is removed. */
  list: Place;
}

/** An entry with the button that removes it. */
export function EntryLine({ children, removeText, onRemove, list }: LineProps) {
  const { reveal } = useActions();
  return (
    <div className="entry">
      {children}
      <Button
        look="quiet"
        icon="trash"
        aria-label={removeText}
        onClick={() => {
          onRemove();
          reveal(list);
        }}
      />
    </div>
  );
}

interface TextProps {
  at: Place;
  label: string;
  hidesLabel?: boolean;
  value: string;
  most: number;
  onEdit: (text: string) => void;
}

/** The text of an entry: one line at first, and more as it is needed. */
export function EntryText(props: TextProps) {
  return <Text {...props} area rows={1} />;
}
