import type { ToolCall } from "practice-client";

import { useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { tutor } from "@/i18n/tutor";
import { Picture } from "@/ui/picture";
import { RichText } from "@/ui/rich_text";
import { GRADES, answerTexts, promptOf, separatorOf } from "@/ui/tutor/answers";
import { QuestionForm } from "@/ui/tutor/question_form";
import { FoldedStem } from "@/ui/tutor/stem";

import { useDraft } from "./draft";
import type { Entry } from "./entries";
import { useScrollToNews } from "./feedback";
import { useShown } from "./thread";
import type { Thread } from "./use_practice";

type Args = Extract<ToolCall, { name: "question_presentation" }>["args"];
interface Props {
  entry: Entry;
  args: Args;
}

export function Question(props: Props) {
  const { pending } = useShown();
  return pending === props.entry ? <PendingQuestion {...props} /> : <PastQuestion {...props} />;
}

function PendingQuestion({ entry, args }: Props) {
  const { practice, newsId } = useShown();
  const { thread, answer, hint, forgetFailure } = practice;
  const draft = useDraft(args.session_id, args.question.question_id, entry.number ?? 0);
  const t = useMessages(tutor);
  useScrollToNews(newsId);
  const { refused } = thread;
  const isNumber = args.question.kind === "numeric";
  return (
    <QuestionForm
      question={args.question}
      stem={args.stem}
      {...(entry.number === undefined ? {} : { number: entry.number })}
      draft={draft.draft}
      onDraft={(changed) => {
        draft.change(changed);
        forgetFailure();
      }}
      onAnswer={(given) => answer(args.question.question_id, given, draft.spent())}
      onHint={hint}
      isBusy={isSending(thread, entry)}
      error={refused && (isNumber ? t.problems.number : (refused.errors[0]?.message ?? refused.message))}
      takesFocus
      newsId={newsId}
    />
  );
}

/**
 * Whether this question's answer is on its way. One whose question came with the turn under way waits for
 * that turn to be stored.
 */
function isSending({ status, input, queued, turn }: Thread, { id }: Entry): boolean {
  if (queued?.type === "answer") return true;
  return status === "taking" && input?.type === "answer" && !id.startsWith(`${turn}.`);
}

function PastQuestion({ entry, args }: Props) {
  const t = useMessages(texts);
  const names = useMessages(tutor);
  const { answer, isDropped, number } = entry;
  const { question } = args;
  const grade = GRADES.find((known) => question.kind === "self_rated" && known === answer);
  const given = answer === undefined ? [] : grade ? [names.grades[grade]] : answerTexts(answer, question);
  return (
    <article className="card past-question" data-question={question.question_id}>
      <h2 className="tutor-head">{number === undefined ? names.question : names.questionOf(number)}</h2>
      {args.stem && <FoldedStem stem={args.stem} />}
      <RichText text={promptOf(question)} />
      {question.image && <Picture image={question.image} />}
      {given.length > 0 && (
        <p>
          <span className="soft">{t.yourAnswer}:</span>{" "}
          {given.map((text, index) => (
            <span key={index} className="given">
              {index > 0 && separatorOf(given)}
              {(question.blanks ? question.blanks[index]?.choices : question.choices) ? (
                <RichText text={text} isLine />
              ) : (
                text
              )}
            </span>
          ))}
          {question.unit && /^[\d\s.,/+−-]+$/.test(given[0] ?? "") && <> {question.unit}</>}
        </p>
      )}
      {isDropped && given.length > 0 && <p className="soft">{t.notCounted}</p>}
    </article>
  );
}
