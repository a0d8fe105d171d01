import { bounds } from "practice-client/bounds";
import type { ReactNode } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Button } from "@/ui/button";
import { FieldError } from "@/ui/field";

import { moveTo, removeFrom, updateIn, updateQuestion } from "../model/changes";
import {
  type Choice,
  type Question,
  freeChoiceId,
  newChoice,
  newCriterion,
  usesChoices,
} from "../model/draft";
import { placeOf } from "../model/places";
import { useActions, useProblem } from "./contexts";
import { Text } from "./fields";
import { Sortable } from "./sortable";

/** The fields of the kind: what is right, and what is asked for. */
export function AnswerKey({ question }: { question: Question }) {
  const t = useMessages(templateBuilder);
  const { edit } = useActions();
  const { kind } = question;
  const set = (field: "accepted" | "number" | "tolerance" | "unit", place: string) => (value: string) =>
    edit(placeOf(question, place), (draft) =>
      updateQuestion(draft, question.key, (before) => ({ ...before, [field]: value })),
    );
  if (usesChoices(kind)) return <Choices question={question} />;
  if (kind === "short_answer")
    return (
      <Text
        at={placeOf(question, "answer")}
        label={t.accepted}
        hint={t.acceptedHint}
        value={question.accepted}
        onEdit={set("accepted", "answer")}
        area
        isRequired
      />
    );
  if (kind === "numeric")
    return (
      <div className="columns three">
        <Text
          at={placeOf(question, "answer")}
          label={t.number}
          hint={t.numberHint}
          value={question.number}
          onEdit={set("number", "answer")}
          isRequired
        />
        <Text
          at={placeOf(question, "tolerance")}
          label={t.tolerance}
          hint={t.toleranceHint}
          value={question.tolerance}
          onEdit={set("tolerance", "tolerance")}
          inputMode="decimal"
        />
        <Text
          at={placeOf(question, "unit")}
          label={t.unit}
          value={question.unit}
          onEdit={set("unit", "unit")}
          most={bounds.Numeric.unit.maxLength}
        />
      </div>
    );
  if (kind === "free_response") return <Rubric question={question} />;
  return <p className="soft">{t.selfRated}</p>;
}

function Choices({ question }: { question: Question }) {
  const t = useMessages(templateBuilder);
  const { change, reveal } = useActions();
  const error = useProblem(placeOf(question, "answer"));
  const countError = useProblem(placeOf(question, "choices"));
  const { choices } = question;
  const update = (to: readonly Choice[]) =>
    change((draft) => updateQuestion(draft, question.key, (before) => ({ ...before, choices: to })));
  return (
    <fieldset className="stack tight">
      <legend className="label">{t.choices}</legend>
      <p className="field-hint">{question.kind === "multi_select" ? t.markSome : t.markOne}</p>
      <FieldError error={error} />
      <Sortable
        entries={choices}
        nameOf={({ text, id }) => text || id}
        onMove={(key, place) => update(moveTo(choices, key, place))}
      >
        {(choice, handle, index) => (
          <ChoiceLine question={question} choice={choice} index={index} handle={handle} update={update} />
        )}
      </Sortable>
      <FieldError error={countError} />
      {choices.length < bounds.MultipleChoice.choices.maxItems && (
        <div className="row">
          <Button
            small
            icon="plus"
            data-place={placeOf(question, "choices")}
            onClick={() => {
              const added = newChoice(freeChoiceId(choices));
              update([...choices, added]);
              reveal(placeOf(added, "text"));
            }}
          >
            {t.addChoice}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

interface ChoiceProps {
  question: Question;
  choice: Choice;
  index: number;
  handle: ReactNode;
  update: (choices: readonly Choice[]) => void;
}

function ChoiceLine({ question, choice, index, handle, update }: ChoiceProps) {
  const t = useMessages(templateBuilder);
  const { edit, reveal } = useActions();
  const { choices, kind } = question;
  const isMany = kind === "multi_select";
  const mark = (isRight: boolean) =>
    update(
      choices.map((entry) =>
        entry.key === choice.key ? { ...entry, isRight } : isMany ? entry : { ...entry, isRight: false },
      ),
    );
  const place = placeOf(choice, "text");
  return (
    <div className="entry">
      {handle}
      <input
        className="mark"
        type={isMany ? "checkbox" : "radio"}
        name={`right-${question.key}`}
        aria-label={t.isRight(index + 1)}
        checked={choice.isRight}
        {...(index === 0 ? { "data-place": placeOf(question, "answer") } : {})}
        onChange={({ target }) => mark(target.checked)}
      />
      <div className="grow">
        <Text
          at={place}
          label={t.choiceNumber(index + 1)}
          hidesLabel
          value={choice.text}
          most={bounds.Choice.text.maxLength}
          area
          rows={1}
          onEdit={(text) =>
            edit(place, (draft) =>
              updateQuestion(draft, question.key, (before) => ({
                ...before,
                choices: updateIn(before.choices, choice.key, (entry) => ({ ...entry, text })),
              })),
            )
          }
        />
      </div>
      <Button
        look="quiet"
        icon="trash"
        aria-label={t.removeChoice(index + 1)}
        onClick={() => {
          update(removeFrom(choices, choice.key));
          reveal(placeOf(question, "choices"));
        }}
      />
    </div>
  );
}

function Rubric({ question }: { question: Question }) {
  const t = useMessages(templateBuilder);
  const { change, edit, reveal } = useActions();
  const error = useProblem(placeOf(question, "rubric"));
  const { key, rubric } = question;
  const update = (to: Question["rubric"]) =>
    change((draft) => updateQuestion(draft, key, (before) => ({ ...before, rubric: to })));
  return (
    <fieldset className="stack tight">
      <legend className="label">{t.rubric}</legend>
      <p className="field-hint">{t.rubricHint}</p>
      {rubric.map((criterion, index) => {
        const set = (field: "text" | "points") => (value: string) =>
          edit(placeOf(criterion, field), (draft) =>
            updateQuestion(draft, key, (before) => ({
              ...before,
              rubric: updateIn(before.rubric, criterion.key, (entry) => ({ ...entry, [field]: value })),
            })),
          );
        return (
          <div key={criterion.key} className="entry">
            <div className="grow criterion">
              <Text
                at={placeOf(criterion, "text")}
                label={t.criterion(index + 1)}
                value={criterion.text}
                onEdit={set("text")}
                most={bounds.Criterion.text.maxLength}
                area
                rows={1}
              />
              <Text
                at={placeOf(criterion, "points")}
                label={t.points}
                value={criterion.points}
                onEdit={set("points")}
                inputMode="decimal"
              />
            </div>
            <Button
              look="quiet"
              icon="trash"
              aria-label={t.removeCriterion(index + 1)}
              onClick={() => {
                update(removeFrom(rubric, criterion.key));
                reveal(placeOf(question, "rubric"));
              }}
            />
          </div>
        );
      })}
      <FieldError error={error} />
      {rubric.length < bounds.FreeResponse.rubric.maxItems && (
        <div className="row">
          <Button
            small
            icon="plus"
            data-place={placeOf(question, "rubric")}
            onClick={() => {
              const added = newCriterion();
              update([...rubric, added]);
              reveal(placeOf(added, "text"));
            }}
          >
            {t.addCriterion}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
