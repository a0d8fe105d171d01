import {
  AssistantRuntimeProvider,
  MessagePrimitive,
  type ThreadMessageLike,
  ThreadPrimitive,
  type ToolCallMessagePartProps,
  useExternalStoreRuntime,
} from "@assistant-ui/react";
import { createContext, use } from "react";

import { useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { Notice } from "@/ui/notice";
import { ConceptCard } from "@/ui/tutor/concept_card";
import { HintCard } from "@/ui/tutor/hint_card";

import type { Entry } from "./entries";
import { Feedback } from "./feedback";
import { Question } from "./question";
import type { usePractice } from "./use_practice";

type Practice = ReturnType<typeof usePractice>;
export interface Shown {
  practice: Practice;
  entries: readonly Entry[];
  pending: Entry | undefined;
  /** The id of the element with the news of the last turn, read before the next question. */
  newsId: string | undefined;
}

const ShownContext = createContext<Shown | null>(null);

export function useShown(): Shown {
  const shown = use(ShownContext);
  if (!shown) throw new Error("The thread is missing.");
  return shown;
}

/**
 * The chat, by assistant-ui: each tool call of the tutor has its own UI. It only shows the entries: what is
 * answered goes to InfinitePractice, so a refused answer does not settle its call.
 */
export function Thread({ shown }: { shown: Shown }) {
  const t = useMessages(texts);
  const runtime = useExternalStoreRuntime({
    messages: shown.entries,
    convertMessage,
    // The page itself says what is under way: the runtime would add an empty message with a dot.
    isRunning: false,
    onNew: () => Promise.resolve(),
  });
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ShownContext value={shown}>
        <ThreadPrimitive.Root className="stack thread" role="group" aria-label={t.thread}>
          <ThreadPrimitive.Messages>{() => <Message />}</ThreadPrimitive.Messages>
        </ThreadPrimitive.Root>
      </ShownContext>
    </AssistantRuntimeProvider>
  );
}

function convertMessage({ id, call, answer }: Entry): ThreadMessageLike {
  const settled = call.name === "question_presentation" ? answer : "shown";
  return {
    id,
    role: "assistant",
    content: [
      {
        type: "tool-call",
        toolCallId: id,
        toolName: call.name,
        args: call.args,
        argsText: "",
        ...(settled === undefined ? {} : { result: settled }),
      },
    ],
  };
}

function Message() {
  return (
    <MessagePrimitive.Root className="stack thread-entry">
      <MessagePrimitive.Parts components={PARTS} />
    </MessagePrimitive.Root>
  );
}

/** The entry whose call a tool UI shows; undefined while the thread is being replaced. */
function useEntry({ toolCallId }: ToolCallMessagePartProps): Entry | undefined {
  return useShown().entries.find(({ id }) => id === toolCallId);
}

function ConceptUi(part: ToolCallMessagePartProps) {
  const t = useMessages(texts);
  const call = useEntry(part)?.call;
  const { degradedBlock } = useShown().practice.thread;
  if (call?.name !== "concept_presentation") return null;
  const { concept, block_id } = call.args;
  return (
    <>
      {degradedBlock !== null && degradedBlock === block_id && <Notice kind="warn">{t.degraded}</Notice>}
      <ConceptCard concept={concept} />
    </>
  );
}

function HintUi(part: ToolCallMessagePartProps) {
  const call = useEntry(part)?.call;
  return call?.name === "hint_presentation" ? <HintCard hint={call.args} /> : null;
}

function QuestionUi(part: ToolCallMessagePartProps) {
  const entry = useEntry(part);
  return entry?.call.name === "question_presentation" ? (
    <Question entry={entry} args={entry.call.args} />
  ) : null;
}

function FeedbackUi(part: ToolCallMessagePartProps) {
  const entry = useEntry(part);
  return entry?.call.name === "feedback_presentation" ? (
    <Feedback entry={entry} args={entry.call.args} />
  ) : null;
}

const PARTS = {
  tools: {
    by_name: {
      concept_presentation: ConceptUi,
      hint_presentation: HintUi,
      question_presentation: QuestionUi,
      feedback_presentation: FeedbackUi,
    },
  },
};
