import type { Template } from "practice-client";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useFormat, useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { Badge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import type { MenuEntry } from "@/ui/menu";
import { EmptyState } from "@/ui/notice";
import { Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { usePages } from "@/data/pages";
import { ArchiveDialog } from "./archive_dialog";
import { contentsOf } from "./contents";
import { More } from "./more";
import { TemplateCard } from "./template_card";

const PAGE = 20;

/** The user's own templates, or all public ones, the latest change first. */
export function TemplateList({ which }: { which: "mine" | "public" }) {
  const t = useMessages(templates);
  const { uid } = useBackEnd();
  const [archiving, setArchiving] = useState<Template | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const pages = usePages<Template>(["templates", which], {
    idOf: ({ template_id }) => template_id,
    read: ({ driver }, after) => driver.templates.list({ which, limit: PAGE, after }),
  });
  const write = (
    <ButtonLink icon="plus" to="/templates/new">
      {t.writeFirst}
    </ButtonLink>
  );
  return (
    <Read read={pages.first} skeleton={<Skeleton height={9} count={4} />}>
      {() => (
        <div className="stack">
          {pages.entries.length === 0 && !pages.hasMore ? (
            <EmptyState actions={which === "mine" ? write : undefined}>
              {which === "mine" ? t.noneOwn : t.nonePublic}
            </EmptyState>
          ) : (
            <ul
              role="list"
              className="columns"
              ref={list}
              tabIndex={-1}
              aria-label={which === "mine" ? t.mine : t.public}
            >
              {pages.entries.map((template) => (
                <Entry
                  key={template.template_id}
                  template={template}
                  isOwn={template.owner_id === uid}
                  onArchive={() => setArchiving(template)}
                />
              ))}
            </ul>
          )}
          <More pages={pages} />
          {archiving && (
            <ArchiveDialog
              templateId={archiving.template_id}
              name={archiving.name}
              onClose={() => setArchiving(null)}
              onArchived={() => {
                pages.remove(archiving.template_id);
                list.current?.focus();
              }}
            />
          )}
        </div>
      )}
    </Read>
  );
}

function Entry({
  template,
  isOwn,
  onArchive,
}: {
  template: Template;
  isOwn: boolean;
  onArchive: () => void;
}) {
  const t = useMessages(templates);
  const format = useFormat();
  const navigate = useNavigate();
  const { template_id, name, subject, updated_at, visibility } = template;
  const { minutes, exercises, questions } = contentsOf(template.template_data);
  const about = [
    subject,
    minutes === null ? null : format.minutes(minutes),
    t.exercises(exercises),
    questions ? t.questions(questions) : null,
  ].filter(Boolean);
  const copy: MenuEntry = {
    text: isOwn ? t.duplicate : t.copyToOwn,
    icon: "copy",
    onSelect: () => void navigate(`/templates/new?from=${template_id}`),
  };
  const own: MenuEntry[] = [
    { text: t.edit, icon: "log", onSelect: () => void navigate(`/templates/${template_id}`) },
    copy,
    { text: t.archive, icon: "trash", onSelect: onArchive },
  ];
  return (
    <TemplateCard
      templateId={template_id}
      name={name}
      about={about.join(" · ")}
      news={t.changed(format.relative(updated_at))}
      badge={
        isOwn && visibility !== "private" ? (
          <Badge>{visibility === "public" ? t.isPublic : t.isAssigned}</Badge>
        ) : undefined
      }
      entries={isOwn ? own : [copy]}
    />
  );
}
