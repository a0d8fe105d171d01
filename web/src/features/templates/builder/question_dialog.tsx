import { bounds } from "practice-client/bounds";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { templateQuestions } from "@/i18n/template_questions";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Select } from "@/ui/field";

import {
  exerciseOf,
  questionOf,
  removeFrom,
  updateExercise,
  updateIn,
  updateQuestion,
} from "../model/changes";
import {
  type Draft,
  type Exercise,
  KINDS,
  type Kind,
  type Question,
  newId,
  newQuestion,
} from "../model/draft";
import { placeOf } from "../model/places";
import { AnswerKey } from "./answer_key";
import { useActions, useProblem } from "./contexts";
import { EntryLine, EntryList, EntryText } from "./entries";
import { Text } from "./fields";
import { PictureFields } from "./picture_fields";
import { StemFields } from "./stem_fields";

const of = bounds.MultipleChoice;

interface Props {
  draft: Draft;
  questionKey: string;
}

/** One question with its answer key. What is typed is in the draft at once. */
export default function QuestionDialog({ draft, questionKey }: Props) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { change, editQuestion, reveal } = useActions();
  const question = questionOf(draft, questionKey);
  const exercise = exerciseOf(draft, questionKey);
  if (!question || !exercise) return null;
  const number = exercise.questions.indexOf(question) + 1;
  const close = () => {
    editQuestion(null);
    reveal(`${questionKey}.toggle`);
  };
  const addAnother = () => {
    // The next step, where this is one.
    const another = { ...newQuestion(question.kind), stem: question.stem };
    change((before) =>
      updateExercise(before, exercise.key, (found) => ({
        ...found,
        questions: [...found.questions, another],
      })),
    );
    editQuestion(another.key);
  };
  return (
    <Dialog
      key={questionKey}
      title={t.questionOf(number, exercise.name || t.unnamed)}
      isOpen
      wide
      onClose={close}
      actions={
        <>
          <Button look="primary" onClick={close}>
            {t.done}
          </Button>
          <Button icon="plus" onClick={addAnother}>
            {t.anotherQuestion}
          </Button>
        </>
      }
    >
      <QuestionFields exercise={exercise} question={question} />
    </Dialog>
  );
}

export function QuestionFields({ exercise, question }: { exercise: Exercise; question: Question }) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { change, edit } = useActions();
  const { key } = question;
  const kindError = useProblem(placeOf(question, "kind"));
  const difficultyError = useProblem(placeOf(question, "difficulty"));
  const set = (field: "prompt" | "explanation") => (value: string) =>
    edit(placeOf(question, field), (draft) =>
      updateQuestion(draft, key, (before) => ({ ...before, [field]: value })),
    );
  return (
    <>
      <Text
        at={placeOf(question, "prompt")}
        label={t.prompt}
        hint={t.promptHint}
        value={question.prompt}
        onEdit={set("prompt")}
        most={of.prompt.maxLength}
        area
        isRequired
      />
      <PictureFields
        part={question}
        update={(draft, to) =>
          updateQuestion(draft, key, (before) => ({ ...before, picture: to(before.picture) }))
        }
      />
      <div className="columns">
        <Select
          label={t.kind}
          hint={t.kindHints[question.kind]}
          value={question.kind}
          error={kindError}
          data-place={placeOf(question, "kind")}
          onChange={({ target }) =>
            change((draft) => updateQuestion(draft, key, (before) => ofKind(before, target.value as Kind)))
          }
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t.kinds[kind]}
            </option>
          ))}
        </Select>
        <Select
          label={t.difficulty}
          value={question.difficulty}
          error={difficultyError}
          data-place={placeOf(question, "difficulty")}
          onChange={({ target }) =>
            change((draft) =>
              updateQuestion(draft, key, (before) => ({ ...before, difficulty: target.value })),
            )
          }
        >
          <option value="">{t.noDifficulty}</option>
          {(["1", "2", "3", "4", "5"] as const).map((level) => (
            <option key={level} value={level}>
              {t.difficulties[level]}
            </option>
          ))}
        </Select>
      </div>
      <AnswerKey question={question} />
      <StemFields exercise={exercise} question={question} />
      <Hints question={question} />
      <Text
        at={placeOf(question, "explanation")}
        label={t.explanation}
        hint={t.explanationHint}
        value={question.explanation}
        onEdit={set("explanation")}
        most={of.explanation.maxLength}
        area
      />
    </>
  );
}

/** With one right choice at most, where only one may be right. */
function ofKind(question: Question, kind: Kind): Question {
  if (kind === "ordering" && question.kind !== kind)
    return { ...question, kind, choices: question.choices.map((choice) => ({ ...choice, id: newId() })) };
  if (kind !== "multiple_choice") return { ...question, kind };
  const first = question.choices.find(({ isRight }) => isRight);
  return {
    ...question,
    kind,
    choices: question.choices.map((choice) => ({ ...choice, isRight: choice === first })),
  };
}

function Hints({ question }: { question: Question }) {
  const t = { ...useMessages(templateBuilder), ...useMessages(templateQuestions) };
  const { change, edit } = useActions();
  const { key, hints } = question;
  const list = placeOf(question, "hints");
  const update = (draft: Draft, to: (hints: Question["hints"]) => Question["hints"]) =>
    updateQuestion(draft, key, (before) => ({ ...before, hints: to(before.hints) }));
  const add = () => {
    change((draft) => update(draft, (before) => [...before, { key: newId(), text: "" }]));
    return placeOf(question, `hints.${hints.length}`);
  };
  return (
    <EntryList
      legend={t.hints}
      place={list}
      count={hints.length}
      most={of.hints.maxItems}
      addText={t.addHint}
      onAdd={add}
    >
      {hints.map((hint, index) => {
        const place = placeOf(question, `hints.${index}`);
        return (
          <EntryLine
            key={hint.key}
            removeText={t.removeHint(index + 1)}
            onRemove={() => change((draft) => update(draft, (before) => removeFrom(before, hint.key)))}
            list={list}
          >
            <div className="grow">
              <EntryText
                at={place}
                label={t.hintNumber(index + 1)}
                hidesLabel
                value={hint.text}
                most={of.hints.items.maxLength}
                onEdit={(text) =>
                  edit(place, (draft) =>
                    update(draft, (before) => updateIn(before, hint.key, (entry) => ({ ...entry, text }))),
                  )
                }
              />
            </div>
          </EntryLine>
        );
      })}
    </EntryList>
  );
}
