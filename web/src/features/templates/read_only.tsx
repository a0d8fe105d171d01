import type { Template } from "practice-client";

import { useStartChecklist } from "@/data/start";
import { useFormat, useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { ButtonLink } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { TemplateActions } from "@/ui/template_actions";

import { contentsOf } from "./contents";
import { Outline } from "./outline";
import "./builder/builder.css";

/** A template that is not to be changed here. */
export function ReadOnly({ template, isOwn }: { template: Template; isOwn: boolean }) {
  const t = useMessages(templates);
  const format = useFormat();
  const { template_id, name, subject, topic, grade_level, archived_at } = template;
  const checklist = useStartChecklist(template_id);
  const { minutes, exercises, questions } = contentsOf(template.template_data);
  const about = [
    subject,
    topic,
    grade_level,
    minutes === null ? null : format.minutes(minutes),
    t.exercises(exercises),
    questions ? t.questions(questions) : null,
  ].filter(Boolean);
  const copy = (
    <ButtonLink icon="copy" to={`/templates/new?from=${template_id}`}>
      {t.copyToOwn}
    </ButtonLink>
  );
  return (
    <Page title={name} narrow>
      <p className="soft">{about.join(" · ")}</p>
      {archived_at !== null ? (
        <Notice actions={copy}>{isOwn ? t.isArchivedOwn : t.isArchived}</Notice>
      ) : (
        <TemplateActions templateId={template_id} checklist={checklist}>
          {copy}
        </TemplateActions>
      )}
      <Outline template={template} level={2} />
    </Page>
  );
}
