import type { Question } from "practice-client";
import { type DragEvent, useEffect, useId, useRef, useState } from "react";

import { useMessages } from "@/i18n";
import { tutor } from "@/i18n/tutor";

import { Button } from "../button";
import { Select, TextField } from "../field";
import { hasMath } from "../math_marks";
import { RichText } from "../rich_text";
import type { Props } from "./answer_fields";
import { orderOf } from "./answers";

type Choice = NonNullable<Question["choices"]>[number];

/** The controls of the kinds that are answered in several parts. */
export default function ArrangeFields(props: Props) {
  switch (props.question.kind) {
    case "ordering":
      return <Ordering {...props} />;
    case "matching":
      return <Matching {...props} />;
    default:
      return <Blanks {...props} />;
  }
}

/** A text in an attribute or an option, where TeX is shown by its source. */
function plain(text: string): string {
  return text.replace(/\$+|\\[()[\]]/g, "");
}

function Ordering({ question, draft, onChange, labelledBy, describedBy }: Props) {
  const t = useMessages(tutor);
  const id = useId();
  const list = useRef<HTMLOListElement>(null);
  const dragged = useRef<string>(undefined);
  const [moved, setMoved] = useState<{ id: string; by: number }>();
  const order = orderOf(question, draft);
  const textOf = (choice: string) => question.choices?.find((each) => each.id === choice)?.text ?? choice;
  const put = (choice: string, place: number) => {
    if (place < 0 || place >= order.length) return;
    const others = order.filter((each) => each !== choice);
    onChange([...others.slice(0, place), choice, ...others.slice(place)]);
  };
  const move = (choice: string, by: number) => {
    put(choice, order.indexOf(choice) + by);
    setMoved({ id: choice, by });
  };
  // A browser takes the focus from an element that is moved in its list.
  useEffect(() => {
    if (!moved) return;
    const entry = [...(list.current?.children ?? [])].find(
      (each) => (each as HTMLElement).dataset["choice"] === moved.id,
    );
    entry?.querySelector<HTMLElement>(`[data-by="${moved.by}"]`)?.focus();
  }, [moved, draft]);
  return (
    <div
      className="stack choices"
      role="group"
      aria-labelledby={`${labelledBy} ${id}-help`}
      aria-describedby={describedBy}
    >
      <p className="soft small" id={`${id}-help`}>
        {t.arrange}
      </p>
      <ol role="list" className="arranged" ref={list}>
        {order.map((choice, place) => (
          <li
            key={choice}
            className="answer-choice arranged-entry"
            data-choice={choice}
            draggable
            onDragStart={(event: DragEvent) => {
              dragged.current = choice;
              event.dataTransfer.effectAllowed = "move";
            }}
            onDragOver={(event: DragEvent) => {
              const { current } = dragged;
              if (current === undefined) return;
              event.preventDefault();
              if (current !== choice) put(current, place);
            }}
            onDragEnd={() => {
              dragged.current = undefined;
            }}
          >
            <span className="number soft" aria-hidden="true">
              {place + 1}.
            </span>
            <span className="grow">
              <RichText text={textOf(choice)} isLine />
            </span>
            {([-1, 1] as const).map((by) => {
              const isLast = by < 0 ? place === 0 : place === order.length - 1;
              return (
                <Button
                  key={by}
                  small
                  look="quiet"
                  data-by={by}
                  {...(place === 0 && by > 0 ? { "data-answer": "" } : {})}
                  aria-disabled={isLast || undefined}
                  aria-label={(by < 0 ? t.moveUp : t.moveDown)(plain(textOf(choice)))}
                  onClick={() => {
                    if (!isLast) move(choice, by);
                  }}
                >
                  <span aria-hidden="true">{by < 0 ? "↑" : "↓"}</span>
                </Button>
              );
            })}
          </li>
        ))}
      </ol>
      <p className="visually-hidden" role="status">
        {moved && t.movedTo(plain(textOf(moved.id)), order.indexOf(moved.id) + 1, order.length)}
      </p>
    </div>
  );
}

function replaced(draft: readonly string[], count: number, index: number, text: string): string[] {
  return Array.from({ length: count }, (_, each) => (each === index ? text : (draft[each] ?? "")));
}

function Matching({ question, draft, onChange, labelledBy, describedBy }: Props) {
  const t = useMessages(tutor);
  const id = useId();
  const { items = [], choices = [] } = question;
  const isLettered = choices.some(({ text }) => hasMath(text));
  return (
    <div
      className="stack choices"
      role="group"
      aria-labelledby={`${labelledBy} ${id}-help`}
      aria-describedby={describedBy}
    >
      <p className="soft small" id={`${id}-help`}>
        {t.match}
      </p>
      {isLettered && (
        <ul role="list" className="stack tight">
          {choices.map(({ id: choice, text }, index) => (
            <li key={choice}>
              {letterOf(index)}: <RichText text={text} isLine />
            </li>
          ))}
        </ul>
      )}
      {items.map(({ id: item, text }, index) => (
        <Select
          key={item}
          label={<RichText text={text} isLine />}
          value={draft[index] ?? ""}
          aria-invalid={describedBy && !draft[index] ? true : undefined}
          {...(index === 0 ? { "data-answer": "" } : {})}
          onChange={({ target }) => onChange(replaced(draft, items.length, index, target.value))}
        >
          <Options choices={choices} isLettered={isLettered} />
        </Select>
      ))}
    </div>
  );
}

function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

function Options({ choices, isLettered }: { choices: readonly Choice[]; isLettered: boolean }) {
  const t = useMessages(tutor);
  return (
    <>
      <option value="">{t.choose}</option>
      {choices.map(({ id, text }, index) => (
        <option key={id} value={id}>
          {isLettered ? `${letterOf(index)}: ${plain(text)}` : text}
        </option>
      ))}
    </>
  );
}

function Blanks({ question, draft, onChange, labelledBy, describedBy }: Props) {
  const t = useMessages(tutor);
  const { blanks = [] } = question;
  return (
    <div className="stack choices" role="group" aria-labelledby={labelledBy} aria-describedby={describedBy}>
      {blanks.map(({ id, kind, choices, unit }, index) => {
        const control = {
          label: t.blank(index + 1),
          value: draft[index] ?? "",
          "aria-invalid": describedBy && !draft[index]?.trim() ? true : undefined,
          ...(index === 0 ? { "data-answer": "" } : {}),
          onChange: ({ target }: { target: { value: string } }) =>
            onChange(replaced(draft, blanks.length, index, target.value)),
        } as const;
        if (choices)
          return (
            <Select key={id} {...control}>
              <Options choices={choices.map((text) => ({ id: text, text }))} isLettered={false} />
            </Select>
          );
        return (
          <TextField
            key={id}
            {...control}
            {...(kind === "expression" ? { hint: t.aTerm } : unit ? { hint: t.inUnit(unit) } : {})}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        );
      })}
    </div>
  );
}
