import { bounds } from "practice-client/bounds";
import { type ReactNode, memo } from "react";

import { useFormat, useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { FieldError } from "@/ui/field";

import { copyOfSection, insertAfter, moveBy, moveTo, removeFrom, updateSection } from "../model/changes";
import { type Draft, type Section, newExercise, newSection, numberIn, totalMinutes } from "../model/draft";
import { keysOf, placeOf } from "../model/places";
import { useActions, useIsOpen, useProblem } from "./contexts";
import { Disclosure } from "./disclosure";
import { AddButton } from "./entries";
import { Exercises } from "./exercises";
import { Text } from "./fields";
import { PartMenu } from "./part_menu";
import { Sortable } from "./sortable";

export function Sections({ draft }: { draft: Draft }) {
  const t = useMessages(templateBuilder);
  const format = useFormat();
  const { change, reveal } = useActions();
  const total = totalMinutes(draft);
  const problem = useProblem("sections.total");
  const add = () => {
    const section = newSection();
    change((before) => ({ ...before, sections: [...before.sections, section] }));
    reveal(placeOf(section, "name"), section.key);
  };
  return (
    <section className="stack" aria-label={t.sections}>
      <div className="row between">
        <h2>{t.sections}</h2>
        <output className="soft" aria-label={t.total} data-place="sections.total" tabIndex={-1}>
          {t.totalOf(format.minutes(total ?? 0))}
        </output>
      </div>
      <FieldError error={problem} />
      {draft.sections.length === 0 && <p className="soft">{t.noSections}</p>}
      <Sortable
        entries={draft.sections}
        nameOf={({ name }) => name || t.unnamed}
        onMove={(key, place) =>
          change((before) => ({ ...before, sections: moveTo(before.sections, key, place) }))
        }
        ordered
      >
        {(section, handle, place) => (
          <SectionCard
            section={section}
            handle={handle}
            isFirst={place === 0}
            isLast={place === draft.sections.length - 1}
            next={(draft.sections[place + 1] ?? draft.sections[place - 1])?.key}
          />
        )}
      </Sortable>
      <AddButton place="sections.add" text={t.addSection} onAdd={add} />
    </section>
  );
}

interface CardProps {
  section: Section;
  handle: ReactNode;
  isFirst: boolean;
  isLast: boolean;
  /** The one that takes the focus when this one is removed. */
  next: string | undefined;
}

function SectionCard({ section, handle, isFirst, isLast, next }: CardProps) {
  const t = useMessages(templateBuilder);
  const format = useFormat();
  const isOpen = useIsOpen(section.key);
  const { key, name, minutes, exercises } = section;
  const known = numberIn(minutes);
  const about = [known === undefined ? "" : format.minutes(known), t.exerciseCount(exercises.length)]
    .filter(Boolean)
    .join(" · ");
  return (
    <div className="card part" role="group" aria-label={name || t.unnamed}>
      <div className="part-head">
        {handle}
        <Disclosure
          id={key}
          title={name || t.unnamedSection}
          level={3}
          about={about}
          keys={keysOfSection(section)}
        />
        <SectionMenu section={section} isFirst={isFirst} isLast={isLast} next={next} />
      </div>
      {isOpen && <SectionBody section={section} isFirst={isFirst} isLast={isLast} />}
    </div>
  );
}

function SectionMenu({ section, isFirst, isLast, next }: Omit<CardProps, "handle">) {
  const t = useMessages(templateBuilder);
  const { change, reveal } = useActions();
  const { key } = section;
  const update = (to: (sections: readonly Section[]) => readonly Section[]) =>
    change((draft) => ({ ...draft, sections: to(draft.sections) }));
  return (
    <PartMenu
      name={section.name || t.unnamed}
      canMoveUp={!isFirst}
      canMoveDown={!isLast}
      onMove={(by) => update((sections) => moveBy(sections, key, by))}
      onDuplicate={() => {
        const copy = copyOfSection(section);
        update((sections) => insertAfter(sections, key, copy));
        reveal(placeOf(copy, "name"), copy.key);
      }}
      onRemove={() => update((sections) => removeFrom(sections, key))}
      nextPlace={next ? `${next}.toggle` : "sections.add"}
    />
  );
}

type BodyProps = Pick<CardProps, "section" | "isFirst" | "isLast">;

const SectionBody = memo(function SectionBody({ section, isFirst, isLast }: BodyProps) {
  const t = useMessages(templateBuilder);
  const { change, edit, reveal } = useActions();
  const { key, name, minutes } = section;
  const set = (field: "name" | "minutes") => (value: string) =>
    edit(placeOf(section, field), (draft) =>
      updateSection(draft, key, (before) => ({ ...before, [field]: value })),
    );
  const add = () => {
    const exercise = newExercise();
    change((draft) =>
      updateSection(draft, key, (before) => ({ ...before, exercises: [...before.exercises, exercise] })),
    );
    reveal(placeOf(exercise, "name"), exercise.key);
  };
  return (
    <div className="stack part-body">
      <div className="name-and-minutes">
        <Text
          at={placeOf(section, "name")}
          label={t.sectionName}
          value={name}
          onEdit={set("name")}
          most={bounds.Section.name.maxLength}
          isRequired
        />
        <Text
          at={placeOf(section, "minutes")}
          label={t.minutes}
          value={minutes}
          onEdit={set("minutes")}
          inputMode="decimal"
        />
      </div>
      <Exercises section={section} isFirst={isFirst} isLast={isLast} />
      <AddButton place={placeOf(section, "add")} text={t.addExercise} onAdd={add} />
    </div>
  );
});

function keysOfSection({ key, exercises }: Section): string[] {
  return [
    key,
    ...exercises.flatMap((exercise) => [
      exercise.key,
      ...exercise.questions.flatMap((question) => keysOf(question, exercise)),
    ]),
  ];
}
