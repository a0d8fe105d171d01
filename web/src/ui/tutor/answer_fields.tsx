import type { Question } from "practice-client";
import { bounds } from "practice-client/bounds";
import { useId } from "react";

import { useMessages } from "@/i18n";
import { tutor } from "@/i18n/tutor";

import { hasMath } from "../math_marks";
import { Skeleton } from "../page";
import { later } from "../later";
import { RichText } from "../rich_text";
import { type Draft, GRADES } from "./answers";

const ArrangeFields = later(() => import("./arrange_fields"));

export interface Props {
  question: Question;
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** The ids of the prompt and, where there is one, of the error. */
  labelledBy: string;
  describedBy: string | undefined;
}

/** The controls by the question's kind. */
export function AnswerFields(props: Props) {
  const { question } = props;
  const t = useMessages(tutor);
  switch (question.kind) {
    case "multiple_choice":
    case "multi_select":
      return <Choices {...props} options={question.choices ?? []} />;
    case "self_rated":
      return <Choices {...props} options={GRADES.map((id) => ({ id, text: t.grades[id] }))} />;
    case "ordering":
    case "matching":
    case "cloze":
      return <ArrangeFields {...props} fallback={<Skeleton height={8} />} />;
    default:
      return <Text {...props} />;
  }
}

function Choices({
  question,
  draft,
  onChange,
  labelledBy,
  describedBy,
  options,
}: Props & { options: readonly { id: string; text: string }[] }) {
  const t = useMessages(tutor);
  const name = useId();
  const isMany = question.kind === "multi_select";
  const help = isMany ? t.chooseSome : question.kind === "self_rated" ? t.rate : t.chooseOne;
  return (
    <div
      className="stack choices"
      role={isMany ? "group" : "radiogroup"}
      aria-labelledby={`${labelledBy} ${name}-help`}
      aria-describedby={describedBy}
    >
      <p className="soft small" id={`${name}-help`}>
        {help}
      </p>
      {options.map(({ id, text }, index) => (
        <label key={id} className="choice answer-choice">
          <input
            type={isMany ? "checkbox" : "radio"}
            name={name}
            value={id}
            data-answer=""
            // Read aloud as plain text a fraction would lose its stroke: the source keeps it.
            aria-label={hasMath(text) ? text.replace(/\$+|\\[()[\]]/g, "") : undefined}
            checked={draft.includes(id)}
            onChange={({ target }) => onChange(chosen(draft, id, isMany, target.checked))}
          />
          <span className="grow">
            <RichText text={text} isLine />
          </span>
          {index < 9 && <kbd aria-hidden="true">{index + 1}</kbd>}
        </label>
      ))}
    </div>
  );
}

export function chosen(draft: Draft, id: string, isMany: boolean, isChosen: boolean): Draft {
  if (!isMany) return [id];
  return isChosen ? [...draft.filter((other) => other !== id), id] : draft.filter((other) => other !== id);
}

function Text({ question, draft, onChange, labelledBy, describedBy }: Props) {
  const t = useMessages(tutor);
  const id = useId();
  const { kind, unit } = question;
  const hint =
    kind === "expression" ? t.aTerm : kind !== "numeric" ? null : unit ? t.inUnit(unit) : t.aNumber;
  const described = [hint && `${id}-hint`, describedBy].filter(Boolean).join(" ");
  const control = {
    className: "input",
    "data-answer": "",
    "aria-labelledby": `${id}-label ${labelledBy}`,
    "aria-describedby": described || undefined,
    "aria-invalid": describedBy ? true : undefined,
    maxLength: bounds.AnswerInput.answer.maxLength,
    value: draft[0] ?? "",
    onChange: ({ target }: { target: { value: string } }) => onChange([target.value]),
  } as const;
  return (
    <div className="field">
      <span className="label" id={`${id}-label`}>
        {t.yourAnswer}
      </span>
      {kind === "free_response" ? (
        <textarea {...control} rows={4} />
      ) : (
        <span className="answer-line">
          <input
            {...control}
            type="text"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            // A numeric keyboard may lack the minus sign and the fraction's stroke.
            inputMode="text"
          />
          {unit && (
            <span className="unit" aria-hidden="true">
              {unit}
            </span>
          )}
        </span>
      )}
      {hint && (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
