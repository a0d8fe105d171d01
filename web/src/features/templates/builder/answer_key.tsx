import { bounds } from "practice-client/bounds";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { templateQuestions } from "@/i18n/template_questions";
import { Checkbox, FieldError, Select } from "@/ui/field";

import { moveTo, removeFrom, updateIn, updateQuestion } from "../model/changes";
import {
  type Choice,
  type Criterion,
  type Draft,
  FORMS,
  IGNORED,
  type Question,
  freeChoiceId,
  newChoice,
  newId,
  newCriterion,
  usesChoices,
} from "../model/draft";
import { placeOf } from "../model/places";
import { useActions, useProblem } from "./contexts";
import { EntryLine, EntryList, EntryText } from "./entries";
import { Text } from "./fields";
import { BlankKeys, PairKeys } from "./part_keys";
import { Sortable } from "./sortable";

/** The fields of the kind: what is right, and what is asked for. */
export function AnswerKey({ question }: { question: Question }) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { edit } = useActions();
  const { kind } = question;
  const set = (field: "accepted" | "number" | "tolerance" | "unit", place: string) => (value: string) =>
    edit(placeOf(question, place), (draft) =>
      updateQuestion(draft, question.key, (before) => ({ ...before, [field]: value })),
    );
  if (usesChoices(kind))
    return (
      <>
        <Choices question={question} />
        {kind !== "ordering" && <KeepOrder question={question} />}
      </>
    );
  if (kind === "matching") return <PairKeys question={question} />;
  if (kind === "cloze") return <BlankKeys question={question} />;
  if (kind === "short_answer")
    return (
      <>
        <Text
          at={placeOf(question, "answer")}
          label={t.accepted}
          hint={t.acceptedHint}
          value={question.accepted}
          onEdit={set("accepted", "answer")}
          area
          isRequired
        />
        <Spelling question={question} />
      </>
    );
  if (kind === "numeric")
    return (
      <div className="columns">
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
        <DecimalMark question={question} />
      </div>
    );
  if (kind === "expression") return <Expression question={question} />;
  if (kind === "free_response") return <Rubric question={question} />;
  return <p className="soft">{t.selfRated}</p>;
}

/** Changes of the question that are a step of undo each. */
function useSet(question: Question) {
  const { change } = useActions();
  return (fields: Partial<Question>) =>
    change((draft) => updateQuestion(draft, question.key, (before) => ({ ...before, ...fields })));
}

function Expression({ question }: { question: Question }) {
  const t = useMessages(templateQuestions);
  const { edit } = useActions();
  const place = placeOf(question, "form");
  const set = useSet(question);
  return (
    <>
      <Text
        at={placeOf(question, "answer")}
        label={t.expression}
        hint={t.expressionHint}
        value={question.expression}
        onEdit={(expression) =>
          edit(placeOf(question, "answer"), (draft) =>
            updateQuestion(draft, question.key, (before) => ({ ...before, expression })),
          )
        }
        most={bounds.Expression.answer.maxLength}
        isRequired
      />
      <div className="columns">
        <Select
          label={t.form}
          hint={t.formHint}
          value={question.form}
          error={useProblem(place)}
          data-place={place}
          onChange={({ target }) => set({ form: target.value })}
        >
          {FORMS.map((form) => (
            <option key={form} value={form}>
              {t.forms[form]}
            </option>
          ))}
        </Select>
        <DecimalMark question={question} />
      </div>
    </>
  );
}

function DecimalMark({ question }: { question: Question }) {
  const t = useMessages(templateQuestions);
  const place = placeOf(question, "decimal_mark");
  const set = useSet(question);
  return (
    <Select
      label={t.decimalMark}
      hint={question.kind === "expression" ? t.commaHint : t.decimalMarkHint}
      value={question.decimalMark}
      error={useProblem(place)}
      data-place={place}
      onChange={({ target }) => set({ decimalMark: target.value })}
    >
      {(["", ".", ","] as const).map((mark) => (
        <option key={mark} value={mark}>
          {t.decimalMarks[mark]}
        </option>
      ))}
    </Select>
  );
}

function Spelling({ question }: { question: Question }) {
  const t = useMessages(templateQuestions);
  const { ignores, spellingRetry } = question;
  const [place, ofRetry] = [placeOf(question, "ignores"), placeOf(question, "spelling_retry")];
  const error = useProblem(place);
  const retryError = useProblem(ofRetry);
  const set = useSet(question);
  return (
    <fieldset className="stack tight">
      <legend className="label">{t.spelling}</legend>
      {IGNORED.map((name, index) => (
        <Checkbox
          key={name}
          label={t.ignores[name]}
          checked={ignores.includes(name)}
          {...(index === 0 ? { "data-place": place } : {})}
          onChange={({ target }) =>
            set({
              ignores: IGNORED.filter((each) => (each === name ? target.checked : ignores.includes(each))),
            })
          }
        />
      ))}
      <FieldError error={error} />
      <Checkbox
        label={t.spellingRetry}
        checked={spellingRetry}
        data-place={ofRetry}
        onChange={({ target }) => set({ spellingRetry: target.checked })}
      />
      <FieldError error={retryError} />
    </fieldset>
  );
}

function KeepOrder({ question }: { question: Question }) {
  const t = useMessages(templateQuestions);
  const place = placeOf(question, "keep_order");
  const error = useProblem(place);
  const set = useSet(question);
  return (
    <>
      <Checkbox
        label={t.keepOrder}
        checked={question.keepOrder}
        data-place={place}
        onChange={({ target }) => set({ keepOrder: target.checked })}
      />
      <FieldError error={error} />
    </>
  );
}

type Update<Entry> = (to: (entries: readonly Entry[]) => readonly Entry[]) => (draft: Draft) => Draft;

function Choices({ question }: { question: Question }) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { change } = useActions();
  const { key, kind, choices } = question;
  const isOrdering = kind === "ordering";
  const ofKind = useMessages(templateQuestions);
  const list = placeOf(question, "choices");
  const error = useProblem(placeOf(question, "answer"));
  const update: Update<Choice> = (to) => (draft) =>
    updateQuestion(draft, key, (before) => ({ ...before, choices: to(before.choices) }));
  const add = () => {
    const added = newChoice(isOrdering ? newId() : freeChoiceId(choices));
    change(update((before) => [...before, added]));
    return placeOf(added, "text");
  };
  return (
    <EntryList
      legend={t.choices}
      help={isOrdering ? ofKind.ordering : kind === "multi_select" ? t.markSome : t.markOne}
      place={list}
      count={choices.length}
      most={bounds.MultipleChoice.choices.maxItems}
      addText={t.addChoice}
      onAdd={add}
    >
      <FieldError error={error} />
      <Sortable
        entries={choices}
        nameOf={({ text, id }) => text || id}
        onMove={(moved, place) => change(update((before) => moveTo(before, moved, place)))}
      >
        {(choice, handle, index) => (
          <EntryLine
            removeText={t.removeChoice(index + 1)}
            onRemove={() => change(update((before) => removeFrom(before, choice.key)))}
            list={list}
          >
            {handle}
            <ChoiceFields question={question} choice={choice} index={index} update={update} />
          </EntryLine>
        )}
      </Sortable>
    </EntryList>
  );
}

interface ChoiceProps {
  question: Question;
  choice: Choice;
  index: number;
  update: Update<Choice>;
}

function ChoiceFields({ question, choice, index, update }: ChoiceProps) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { change, edit } = useActions();
  const isMany = question.kind === "multi_select";
  const mark = (isRight: boolean) =>
    change(
      update((before) =>
        before.map((entry) =>
          entry.key === choice.key ? { ...entry, isRight } : isMany ? entry : { ...entry, isRight: false },
        ),
      ),
    );
  const place = placeOf(choice, "text");
  return (
    <>
      {question.kind !== "ordering" && (
        <input
          className="mark"
          type={isMany ? "checkbox" : "radio"}
          name={`right-${question.key}`}
          aria-label={t.isRight(index + 1)}
          checked={choice.isRight}
          {...(index === 0 ? { "data-place": placeOf(question, "answer") } : {})}
          onChange={({ target }) => mark(target.checked)}
        />
      )}
      <div className="grow">
        <EntryText
          at={place}
          label={t.choiceNumber(index + 1)}
          hidesLabel
          value={choice.text}
          most={bounds.Choice.text.maxLength}
          onEdit={(text) =>
            edit(
              place,
              update((before) => updateIn(before, choice.key, (entry) => ({ ...entry, text }))),
            )
          }
        />
      </div>
    </>
  );
}

function Rubric({ question }: { question: Question }) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { change } = useActions();
  const { key, rubric } = question;
  const list = placeOf(question, "rubric");
  const update: Update<Criterion> = (to) => (draft) =>
    updateQuestion(draft, key, (before) => ({ ...before, rubric: to(before.rubric) }));
  const add = () => {
    const added = newCriterion();
    change(update((before) => [...before, added]));
    return placeOf(added, "text");
  };
  return (
    <EntryList
      legend={t.rubric}
      help={t.rubricHint}
      place={list}
      count={rubric.length}
      most={bounds.FreeResponse.rubric.maxItems}
      addText={t.addCriterion}
      onAdd={add}
    >
      {rubric.map((criterion, index) => (
        <EntryLine
          key={criterion.key}
          removeText={t.removeCriterion(index + 1)}
          onRemove={() => change(update((before) => removeFrom(before, criterion.key)))}
          list={list}
        >
          <CriterionFields criterion={criterion} index={index} update={update} />
        </EntryLine>
      ))}
    </EntryList>
  );
}

interface CriterionProps {
  criterion: Criterion;
  index: number;
  update: Update<Criterion>;
}

function CriterionFields({ criterion, index, update }: CriterionProps) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { edit } = useActions();
  const set = (field: "text" | "points") => (value: string) =>
    edit(
      placeOf(criterion, field),
      update((before) => updateIn(before, criterion.key, (entry) => ({ ...entry, [field]: value }))),
    );
  return (
    <div className="grow criterion">
      <EntryText
        at={placeOf(criterion, "text")}
        label={t.criterion(index + 1)}
        value={criterion.text}
        onEdit={set("text")}
        most={bounds.Criterion.text.maxLength}
      />
      <Text
        at={placeOf(criterion, "points")}
        label={t.points}
        value={criterion.points}
        onEdit={set("points")}
        inputMode="decimal"
      />
    </div>
  );
}
