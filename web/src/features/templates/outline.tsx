import type { Template } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";

import { contentsOf } from "./contents";

interface Props {
  template: Pick<Template, "description" | "template_data">;
  level: 2 | 3;
}

/** What a template has, for those who practise it. */
export function Outline({ template, level }: Props) {
  const t = useMessages(templates);
  const format = useFormat();
  const { sections } = contentsOf(template.template_data);
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <div className="stack">
      {template.description && <p className="outline-text">{template.description}</p>}
      {sections.map(({ name, minutes, exercises }, index) => (
        <section key={index} className="card" aria-label={name}>
          <div className="row between">
            <Heading>{name}</Heading>
            {minutes !== null && <span className="soft">{format.minutes(minutes)}</span>}
          </div>
          {exercises.length > 0 && (
            <ul className="outline-list">
              {exercises.map((exercise, place) => (
                <li key={place}>
                  <strong>{exercise.name}</strong>
                  {exercise.questions > 0 && (
                    <span className="soft small"> · {t.questions(exercise.questions)}</span>
                  )}
                  {exercise.description && <p className="soft small outline-text">{exercise.description}</p>}
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}
