import type { Template } from "practice-client";
import { useId, useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { usePages } from "@/data/pages";
import { useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";
import { Checkbox, FieldError, TextField } from "@/ui/field";
import { More } from "@/ui/more";
import { Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

const PAGE = 100;

interface Props {
  chosen: Template | null;
  error: string | undefined;
  onChoose: (template: Template) => void;
}

/** The teacher's own templates, then public ones, found by words of their names, subjects and topics. */
export function TemplateChoice({ chosen, error, onChoose }: Props) {
  const t = useMessages(assign);
  const id = useId();
  const { uid } = useBackEnd();
  const [words, setWords] = useState("");
  const mine = useTemplates("mine");
  const others = useTemplates("public");
  const all = [...mine.entries, ...others.entries.filter(({ owner_id }) => owner_id !== uid)];
  const found = all.filter((template) => hasWords(template, words));
  return (
    <fieldset className="assign-choice" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="label">{t.template}</legend>
      <p className="field-hint">{t.templateHint}</p>
      <TextField
        label={t.search}
        type="search"
        autoComplete="off"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <Read read={mine.first} skeleton={<Skeleton height={8} />}>
        {() => (
          <Read read={others.first} skeleton={<Skeleton height={8} />}>
            {() => (
              <div className="assign-list">
                {found.length === 0 && <p className="soft">{t.noTemplate}</p>}
                {found.map((template) => (
                  <Checkbox
                    key={template.template_id}
                    type="radio"
                    name={`${id}-template`}
                    label={
                      <>
                        {template.name}{" "}
                        <span className="soft small">
                          {[template.subject, template.owner_id === uid ? t.mine : t.public]
                            .filter(Boolean)
                            .join(" · ")}
                        </span>
                      </>
                    }
                    checked={chosen?.template_id === template.template_id}
                    onChange={() => onChoose(template)}
                  />
                ))}
                {/* Those that are not read yet may have the words too. */}
                <More pages={mine} />
                <More pages={others} />
              </div>
            )}
          </Read>
        )}
      </Read>
      <FieldError id={`${id}-error`} error={error} />
    </fieldset>
  );
}

function useTemplates(which: "mine" | "public") {
  return usePages<Template>(["templates to assign", which], {
    idOf: ({ template_id }) => template_id,
    read: ({ driver }, after) => driver.templates.list({ which, limit: PAGE, after }),
  });
}

/** Whether each word is in the template's name, subject or topic. */
export function hasWords(template: Pick<Template, "name" | "subject" | "topic">, words: string): boolean {
  const text = [template.name, template.subject, template.topic].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
