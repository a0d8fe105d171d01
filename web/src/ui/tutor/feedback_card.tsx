import type { Question, ToolCall } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { tutor } from "@/i18n/tutor";

import { Icon, type IconName } from "../icons";
import { Progress } from "../page";
import { RichText } from "../rich_text";
import { type Answer, answerTexts, isMathematics, separatorOf } from "./answers";
import "./tutor.css";

export type Feedback = Pick<
  Extract<ToolCall, { name: "feedback_presentation" }>["args"],
  "correct" | "score" | "correct_answer" | "feedback" | "read_as" | "retry" | "withheld" | "new_mastery_score"
>;

/** The tutor's feedback begins with the verdict, in English: the card has it as its heading. */
const VERDICT =
  /^(?:Right\.|Partly right\.|Not quite\.|Almost: check the spelling of|This can't be graded right now, so it doesn't count\.)\s*/;

type Verdict = "right" | "partial" | "wrong" | "ungraded" | "almost" | "withheld";
const ICONS: Record<Verdict, IconName> = {
  right: "check",
  partial: "info",
  wrong: "cross",
  ungraded: "warning",
  almost: "info",
  withheld: "info",
};

function verdictOf({
  correct,
  score,
  retry,
  withheld,
}: Pick<Feedback, "correct" | "score" | "retry" | "withheld">): Verdict {
  if (withheld) return "withheld";
  if (retry) return "almost";
  if (correct === null) return "ungraded";
  if (correct) return "right";
  return score !== null && score > 0 ? "partial" : "wrong";
}

/** A key in mathematics: TeX, perhaps without dollars, is typeset; what is plain has no marks of Markdown. */
function Mathematics({ text }: { text: string }) {
  if (text.includes("$")) return <RichText text={text} isLine />;
  return text.includes("\\") ? <RichText text={`$${text}$`} isLine /> : text;
}

interface Props {
  feedback: Feedback;
  /** The question answered: a right answer is named by the words of its choices. */
  question?: Question | undefined;
  /** What the student gave. */
  answer?: Answer | undefined;
  /** The name of the question's skill, and its mastery before the answer, 0-1. */
  skill?: string | undefined;
  masteryBefore?: number | undefined;
}

/** Whether the answer was right, by icon, word and colour; why; and how far the skill is mastered now. */
export function FeedbackCard({ feedback, question, answer, skill, masteryBefore }: Props) {
  const t = useMessages(tutor);
  const format = useFormat();
  const verdict = verdictOf(feedback);
  const { correct_answer, score, new_mastery_score: mastery } = feedback;
  const right = correct_answer === null ? [] : answerTexts(correct_answer, question);
  const reason = feedback.feedback.replace(VERDICT, "");
  const change = masteryBefore === undefined ? 0 : Math.round((mastery - masteryBefore) * 100);
  return (
    <article className={`card verdict verdict-${verdict}`} data-verdict={verdict}>
      <p className="verdict-head">
        <Icon name={ICONS[verdict]} />
        <strong>{t[verdict]}</strong>
        {verdict === "partial" && score !== null && (
          <span className="soft small">{t.points(format.percent(Math.round(score * 100)))}</span>
        )}
      </p>
      {verdict !== "right" && right.length > 0 && (
        <p>
          {t.rightAnswer}:{" "}
          {right.map((text, index) => (
            <strong key={index}>
              {index > 0 && separatorOf(right)}
              {isMathematics(question, index) ? <Mathematics text={text} /> : <RichText text={text} isLine />}
            </strong>
          ))}
          {question?.unit && <> {question.unit}</>}
        </p>
      )}
      {feedback.read_as !== undefined && feedback.read_as !== String(answer).trim() && (
        <p className="soft">{t.readAs(feedback.read_as)}</p>
      )}
      {verdict === "ungraded" && <p>{t.ungradedText}</p>}
      {verdict === "almost" && <p>{t.almostText}</p>}
      {verdict === "withheld" && <p>{t.withheldText}</p>}
      {reason && verdict !== "withheld" && <RichText text={reason} />}
      {feedback.correct !== null && (
        <div className="mastery-line">
          <span className="soft small">{skill ? t.masteryOf(skill) : t.mastery}</span>
          <Progress value={mastery} label={skill ? t.masteryOf(skill) : t.mastery} />
          <span className="small number">
            {format.percent(Math.round(mastery * 100))}
            {change !== 0 && ` (${format.number(change, { signDisplay: "always" })})`}
          </span>
        </div>
      )}
    </article>
  );
}
