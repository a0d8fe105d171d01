import type { Question } from "practice-client";
import { type RefObject, useEffect, useRef } from "react";

import { useMessages } from "@/i18n";
import { tutor } from "@/i18n/tutor";

import { chosen } from "./answer_fields";
import { type Draft, GRADES } from "./answers";

interface Actions {
  question: Question;
  draft: Draft;
  change: (draft: Draft) => void;
  submit: () => void;
  askForHint: (() => void) | undefined;
}

const OWN_KEYS = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=menu]";

/**
 * Enter answers (in a text area with Ctrl), 1–9 choose, ? asks for a hint: in the form, and where nothing
 * has the focus. Digits and ? are letters like others where a text is typed, and typing anywhere in the form
 * goes to its text field.
 */
export function useQuestionKeys(form: RefObject<HTMLFormElement | null>, actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : document.body;
      const isHere = form.current?.contains(target) || target === document.body;
      if (!isHere || event.defaultPrevented || event.altKey || event.metaKey || event.repeat) return;
      if (document.querySelector("dialog[open]")) return;
      if (takes(event, target, latest.current)) event.preventDefault();
      else if (isTyping(event, target)) form.current?.querySelector<HTMLElement>(TEXT)?.focus();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [form]);
}

const TEXT = "input.input, textarea";

/** A letter, or the begin of one, that no control takes: it goes to the text field. */
function isTyping(event: KeyboardEvent, target: Element): boolean {
  const isLetter = event.key.length === 1 || event.key === "Dead" || event.key === "Process";
  return (
    isLetter && event.key !== " " && !event.ctrlKey && !target.matches("button, a, summary, input, textarea")
  );
}

/** Whether the key was one of ours. */
function takes(event: KeyboardEvent, target: Element, actions: Actions): boolean {
  const { question, draft, change, submit, askForHint } = actions;
  if (event.key === "Enter") {
    const isOwn = target.matches("textarea") ? !event.ctrlKey : target.matches("button, a, summary");
    if (!isOwn) submit();
    return !isOwn;
  }
  if (event.ctrlKey || target.matches(OWN_KEYS)) return false;
  if (event.key === "?") {
    askForHint?.();
    return true;
  }
  const id = idsOf(question)[Number(event.key) - 1];
  if (!/^[1-9]$/.test(event.key) || id === undefined) return false;
  change(chosen(draft, id, question.kind === "multi_select", !draft.includes(id)));
  return true;
}

function idsOf(question: Question): readonly string[] {
  if (question.kind === "self_rated") return GRADES;
  const hasChoices = question.kind === "multiple_choice" || question.kind === "multi_select";
  return hasChoices ? (question.choices ?? []).map(({ id }) => id) : [];
}

/** Shown where a keyboard is likely. */
export function KeyHelp({ question, hasHints }: { question: Question; hasHints: boolean }) {
  const t = useMessages(tutor);
  const last = Math.min(idsOf(question).length, 9);
  const isArea = question.kind === "free_response";
  const keys = [
    last > 0 && t.keysChoose(last),
    isArea ? t.keysAnswerArea : t.keysAnswer,
    hasHints && t.keysHint,
  ];
  return (
    <p className="soft small key-help">
      {t.keys}: {keys.filter(Boolean).join(" · ")}
    </p>
  );
}
