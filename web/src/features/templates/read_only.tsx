import type { Template } from "practice-client";

import { useStartChecklist } from "@/data/start";
import { useFormat, useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { Button, ButtonLink } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page } from "@/ui/page";

import { contentsOf } from "./contents";
import { Outline } from "./outline";
import "./builder/builder.css";

/** A template that is not to be changed here. */
export function ReadOnly({ template, isOwn }: { template: Template; isOwn: boolean }) {
  const t = useMessages(templates);
  const format = useFormat();
  const { template_id, name, subject, topic, grade_level, archived_at } = template;
  const { run: start, isBusy: isStarting, error } = useStartChecklist(template_id);
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
        <div className="row">
          <ButtonLink look="primary" icon="play" to={`/practice/${template_id}`}>
            {t.practise}
          </ButtonLink>
          <Button icon="check" isBusy={isStarting} onClick={start}>
            {t.checklist}
          </Button>
          {copy}
        </div>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
      <Outline template={template} level={2} />
    </Page>
  );
}
