import { useState } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { templateConflict } from "@/i18n/template_conflict";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Checkbox } from "@/ui/field";

import { type Difference, type Part, type Side, differences, merge } from "../model/compare";
import type { Draft } from "../model/draft";

interface Props {
  mine: Draft;
  theirs: Draft;
  base: Draft;
  onClose: () => void;
  onChoose: (draft: Draft) => void;
}

/** The template was changed elsewhere since it was read: both sides, part by part. */
export default function Conflict({ mine, theirs, base, onClose, onChoose }: Props) {
  const t = useMessages(templateConflict);
  const [found] = useState(() => differences(mine, theirs, base));
  const [chosen, setChosen] = useState<Partial<Record<Part, Side>>>(() =>
    Object.fromEntries(found.map(({ part, proposed }) => [part, proposed])),
  );
  const all = (side: Side) => Object.fromEntries(found.map(({ part }) => [part, side]));
  return (
    <Dialog
      title={t.title}
      isOpen
      wide
      onClose={onClose}
      actions={
        <>
          <Button look="primary" onClick={() => onChoose(merge(mine, theirs, chosen))}>
            {t.save}
          </Button>
          <Button onClick={onClose}>{t.keepEditing}</Button>
        </>
      }
    >
      <p>{t.text}</p>
      <div className="row">
        <Button small onClick={() => setChosen(all("mine"))}>
          {t.allMine}
        </Button>
        <Button small onClick={() => setChosen(all("theirs"))}>
          {t.allTheirs}
        </Button>
      </div>
      {found.map((difference) => (
        <PartChoice
          key={difference.part}
          difference={difference}
          side={chosen[difference.part] ?? "mine"}
          onChoose={(side) => setChosen((before) => ({ ...before, [difference.part]: side }))}
        />
      ))}
    </Dialog>
  );
}

interface PartProps {
  difference: Difference;
  side: Side;
  onChoose: (side: Side) => void;
}

function PartChoice({ difference, side, onChoose }: PartProps) {
  const t = useMessages(templateConflict);
  const { part } = difference;
  return (
    <fieldset className="stack tight">
      <legend className="label">{t.parts[part]}</legend>
      <div className="columns">
        {(["mine", "theirs"] as const).map((each) => (
          <div key={each} className={side === each ? "side is-chosen" : "side"}>
            <Checkbox
              type="radio"
              name={`side-${part}`}
              label={t[each]}
              checked={side === each}
              onChange={() => onChoose(each)}
            />
            <Lines part={part} lines={difference[each]} />
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function Lines({ part, lines }: { part: Part; lines: string[] }) {
  const t = useMessages(templateBuilder);
  const own = useMessages(templateConflict);
  if (lines.length === 0) return <p className="soft small">{part === "sections" ? own.lacks : own.empty}</p>;
  return (
    <ul className="side-lines small">
      {lines.map((line, index) => (
        <li key={index}>
          {part === "visibility" ? ((t as Readonly<Record<string, unknown>>)[line] as string) : line}
        </li>
      ))}
    </ul>
  );
}
