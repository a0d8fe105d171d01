import { bounds } from "practice-client/bounds";

import { useMessages } from "@/i18n";
import { templateQuestions } from "@/i18n/template_questions";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";

import { removeFrom, updateExercise, updateIn } from "../model/changes";
import { type Draft, type Exercise, type Question, type Stem, newStem, stemOf } from "../model/draft";
import { placeOf } from "../model/places";
import { useActions, useProblem } from "./contexts";
import { Text } from "./fields";
import { PictureFields } from "./picture_fields";

/** One that was begun and left: it goes with the choice of another. */
function isBlank({ text, picture }: Stem): boolean {
  return !text.trim() && !picture.url && !picture.alt;
}

const NEW = "new";
const SHOWN = 60;

interface Props {
  exercise: Exercise;
  question: Question;
}

/** Which common text the question is a step of, and that text. */
export function StemFields({ exercise, question }: Props) {
  const t = useMessages(templateQuestions);
  const { change, reveal } = useActions();
  const place = placeOf(question, "stem");
  const error = useProblem(place);
  const stem = stemOf(exercise, question);
  const choose = (chosen: string) => {
    const added = chosen === NEW ? newStem() : undefined;
    const id = added?.id ?? chosen;
    change((draft) =>
      updateExercise(draft, exercise.key, (before) => ({
        ...before,
        stems: [
          ...before.stems.filter((known) => known !== stem || !isBlank(known)),
          ...(added ? [added] : []),
        ],
        questions: before.questions.map((found) =>
          found.key === question.key || (stem && isBlank(stem) && found.stem === stem.id)
            ? { ...found, stem: id }
            : found,
        ),
      })),
    );
    if (added) reveal(placeOf(added, "text"));
  };
  return (
    <fieldset className="stack tight">
      <legend className="label">{t.stem}</legend>
      <Select
        label={t.stemChoice}
        hint={t.stemHint}
        value={stem?.id ?? ""}
        error={error}
        data-place={place}
        onChange={({ target }) => choose(target.value)}
      >
        <option value="">{t.noStem}</option>
        {exercise.stems.map(({ key, id, text }, index) => (
          <option key={key} value={id}>
            {text.slice(0, SHOWN) || t.stemNumber(index + 1)}
          </option>
        ))}
        {exercise.stems.length < MOST_STEMS && <option value={NEW}>{t.newStem}</option>}
      </Select>
      {stem && <OneStem exercise={exercise} stem={stem} />}
    </fieldset>
  );
}

// More would make the list of choices useless.
const MOST_STEMS = 100;

function OneStem({ exercise, stem }: { exercise: Exercise; stem: Stem }) {
  const t = useMessages(templateQuestions);
  const { change, edit } = useActions();
  const place = placeOf(stem, "text");
  const update = (draft: Draft, to: (stem: Stem) => Stem) =>
    updateExercise(draft, exercise.key, (before) => ({
      ...before,
      stems: updateIn(before.stems, stem.key, to),
    }));
  const remove = () =>
    change((draft) =>
      updateExercise(draft, exercise.key, (before) => ({
        ...before,
        stems: removeFrom(before.stems, stem.key),
        questions: before.questions.map((found) => (found.stem === stem.id ? { ...found, stem: "" } : found)),
      })),
    );
  return (
    <>
      <Text
        at={place}
        label={t.stemText}
        hint={t.stemTextHint}
        value={stem.text}
        onEdit={(text) => edit(place, (draft) => update(draft, (before) => ({ ...before, text })))}
        most={bounds.Stem.text.maxLength}
        area
        rows={3}
        isRequired
      />
      <PictureFields
        part={stem}
        update={(draft, to) => update(draft, (before) => ({ ...before, picture: to(before.picture) }))}
      />
      <div className="row">
        <Button small icon="trash" onClick={remove}>
          {t.removeStem}
        </Button>
      </div>
    </>
  );
}
