import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Icon } from "@/ui/icons";

import type { Problem } from "../model/check";

const SHOWN = 8;

/** What has to be mended before the template can be saved, each with the way to its field. */
export function ProblemList({
  problems,
  onShow,
}: {
  problems: readonly Problem[];
  onShow: (problem: Problem) => void;
}) {
  const t = useMessages(templateBuilder);
  return (
    <div className="notice notice-bad" role="status">
      <Icon name="warning" />
      <div className="grow stack tight">
        <strong>{t.problems(problems.length)}</strong>
        <ul className="problem-list">
          {problems.slice(0, SHOWN).map((problem, index) => (
            <li key={`${problem.path} ${index}`}>
              {problem.place === undefined ? (
                <span>
                  {problem.path}: {problem.message}
                </span>
              ) : (
                <button type="button" className="link" onClick={() => onShow(problem)}>
                  {labelOf(problem.path, t)}: {problem.message}
                </button>
              )}
            </li>
          ))}
        </ul>
        {problems.length > SHOWN && <span>{t.moreProblems(problems.length - SHOWN)}</span>}
      </div>
    </div>
  );
}

/** "Section 1, exercise 2, question 1, answer" from the path in a request. */
export function labelOf(path: string, t: (typeof templateBuilder)["en"]): string {
  const parts = path.replace(/^template_data\./, "").split(".");
  const words: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const name = parts[index] ?? "";
    const number = Number(parts[index + 1]);
    const label = (t.fields as Readonly<Record<string, string>>)[name] ?? name;
    const isNumbered = parts[index + 1] !== undefined && Number.isInteger(number);
    words.push(isNumbered ? `${label} ${number + 1}` : label);
    if (isNumbered) index += 1;
  }
  return words.join(", ");
}
