import type { ToolCall } from "practice-client";

import { useMessages } from "@/i18n";
import { tutor } from "@/i18n/tutor";

import { RichText } from "../rich_text";
import "./tutor.css";

export type Concept = Extract<ToolCall, { name: "concept_presentation" }>["args"]["concept"];

export function ConceptCard({ concept }: { concept: Concept }) {
  const t = useMessages(tutor);
  return (
    <article className="card">
      <h2 className="tutor-title">
        <span className="tutor-head">{t.concept}</span> <RichText text={concept.title} isLine />
      </h2>
      <RichText text={concept.explanation} />
      {concept.worked_example && (
        <details className="worked-example">
          <summary>{t.workedExample}</summary>
          <RichText text={concept.worked_example} />
        </details>
      )}
    </article>
  );
}
