import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";

import type { Step } from "./content";

const LONGEST = 60;

/** The name of an exercise; of a question its prompt, shortened, or its number. */
export function useStepName(steps: readonly Step[]): (step: Step) => string {
  const t = useMessages(texts);
  const questions = steps.filter((step) => step.kind === "question");
  return (step) => {
    if (step.kind === "exercise") return step.exercise.name;
    const number = questions.findIndex(({ key }) => key === step.key) + 1;
    const { prompt } = step.question;
    if (typeof prompt !== "string" || prompt.trim() === "") return t.question(number);
    return prompt.length > LONGEST ? `${prompt.slice(0, LONGEST - 1)}…` : prompt;
  };
}
