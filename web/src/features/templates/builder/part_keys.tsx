import { bounds } from "practice-client/bounds";

import { useMessages } from "@/i18n";
import { templateQuestions } from "@/i18n/template_questions";
import { Select } from "@/ui/field";

import { removeFrom, updateIn, updateQuestion } from "../model/changes";
import {
  BLANK_KINDS,
  type Blank,
  type Draft,
  FORMS,
  type Pair,
  type Question,
  newBlank,
  newPair,
} from "../model/draft";
import { placeOf } from "../model/places";
import { useActions, useProblem } from "./contexts";
import { EntryLine, EntryList, EntryText } from "./entries";
import { Text } from "./fields";

/** Items, each with the choice that belongs to it. */
export function PairKeys({ question }: { question: Question }) {
  const t = useMessages(templateQuestions);
  const { change, edit } = useActions();
  const { key, pairs } = question;
  const list = placeOf(question, "pairs");
  const update = (to: (pairs: readonly Pair[]) => readonly Pair[]) => (draft: Draft) =>
    updateQuestion(draft, key, (before) => ({ ...before, pairs: to(before.pairs) }));
  const add = () => {
    const added = newPair();
    change(update((before) => [...before, added]));
    return placeOf(added, "text");
  };
  return (
    <EntryList
      legend={t.pairs}
      help={t.pairsHelp}
      place={list}
      count={pairs.length}
      most={2 * bounds.Matching.items.maxItems}
      addText={t.addPair}
      onAdd={add}
    >
      {pairs.map((pair, index) => (
        <EntryLine
          key={pair.key}
          removeText={t.removePair(index + 1)}
          onRemove={() => change(update((before) => removeFrom(before, pair.key)))}
          list={list}
        >
          <div className="grow columns">
            {(["text", "match"] as const).map((field) => (
              <EntryText
                key={field}
                at={placeOf(pair, field)}
                label={(field === "text" ? t.left : t.right)(index + 1)}
                value={pair[field]}
                most={bounds.Choice.text.maxLength}
                onEdit={(value) =>
                  edit(
                    placeOf(pair, field),
                    update((before) => updateIn(before, pair.key, (entry) => ({ ...entry, [field]: value }))),
                  )
                }
              />
            ))}
          </div>
        </EntryLine>
      ))}
    </EntryList>
  );
}

/** The blanks of a text, each with its kind and its key. */
export function BlankKeys({ question }: { question: Question }) {
  const t = useMessages(templateQuestions);
  const { change } = useActions();
  const { key, blanks } = question;
  const list = placeOf(question, "blanks");
  const update = (to: (blanks: readonly Blank[]) => readonly Blank[]) => (draft: Draft) =>
    updateQuestion(draft, key, (before) => ({ ...before, blanks: to(before.blanks) }));
  const add = () => {
    const taken = new Set(blanks.map(({ id }) => id));
    let number = blanks.length + 1;
    while (taken.has(String(number))) number += 1;
    const added = newBlank(String(number));
    change(update((before) => [...before, added]));
    return placeOf(added, "answer");
  };
  return (
    <EntryList
      legend={t.blanks}
      help={t.blanksHelp}
      place={list}
      count={blanks.length}
      most={bounds.Cloze.blanks.maxItems}
      addText={t.addBlank}
      onAdd={add}
    >
      {blanks.map((blank) => (
        <EntryLine
          key={blank.key}
          removeText={t.removeBlank(blank.id)}
          onRemove={() => change(update((before) => removeFrom(before, blank.key)))}
          list={list}
        >
          <BlankFields blank={blank} update={update} />
        </EntryLine>
      ))}
    </EntryList>
  );
}

interface BlankProps {
  blank: Blank;
  update: (to: (blanks: readonly Blank[]) => readonly Blank[]) => (draft: Draft) => Draft;
}

function BlankFields({ blank, update }: BlankProps) {
  const t = useMessages(templateQuestions);
  const { change, edit } = useActions();
  const place = placeOf(blank, "kind");
  const ofForm = useProblem(placeOf(blank, "form"));
  const isMathematics = blank.kind === "expression";
  const set = (fields: Partial<Blank>) =>
    update((before) => updateIn(before, blank.key, (entry) => ({ ...entry, ...fields })));
  return (
    <div className="grow columns">
      <Select
        label={t.blank(`{{${blank.id}}}`)}
        value={blank.kind}
        error={useProblem(place)}
        data-place={place}
        onChange={({ target }) => change(set({ kind: target.value as Blank["kind"] }))}
      >
        {BLANK_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t.blankKinds[kind]}
          </option>
        ))}
      </Select>
      <Text
        at={placeOf(blank, "answer")}
        label={t.blankKeys[blank.kind]}
        {...(isMathematics ? { hint: t.expressionHint, most: bounds.Expression.answer.maxLength } : {})}
        value={blank.answer}
        onEdit={(answer) => edit(placeOf(blank, "answer"), set({ answer }))}
        area
        isRequired
      />
      {isMathematics && (
        <Select
          label={t.form}
          hint={t.blankFormHint}
          value={blank.form}
          error={ofForm}
          data-place={placeOf(blank, "form")}
          onChange={({ target }) => change(set({ form: target.value }))}
        >
          {FORMS.map((form) => (
            <option key={form} value={form}>
              {t.forms[form]}
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}
