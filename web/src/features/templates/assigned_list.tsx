import type { AssignedTemplate } from "practice-client";
import { useNavigate } from "react-router";

import { useFormat, useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { OriginBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/notice";
import { Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { More } from "./more";
import { TemplateCard } from "./template_card";
import { usePages } from "./use_pages";

const PAGE = 20;

/** The templates that teachers assigned to the user, the latest first. */
export function AssignedList() {
  const t = useMessages(templates);
  const format = useFormat();
  const navigate = useNavigate();
  const pages = usePages<AssignedTemplate>("assigned templates by page", ({ driver }, after) =>
    driver.templates.listAssigned({ limit: PAGE, after }),
  );
  return (
    <Read read={pages.first} skeleton={<Skeleton height={9} count={4} />}>
      {() => (
        <div className="stack">
          {pages.entries.length === 0 ? (
            <EmptyState actions={<ButtonLink to="/templates?show=public">{t.toPublic}</ButtonLink>}>
              {t.noneAssigned}
            </EmptyState>
          ) : (
            <ul role="list" className="columns" aria-label={t.assigned}>
              {pages.entries.map(({ template_id, name, subject, topic, assigned_at }) => (
                <TemplateCard
                  key={template_id}
                  templateId={template_id}
                  name={name}
                  about={[subject, topic].filter(Boolean).join(" · ")}
                  news={t.assignedAt(format.relative(assigned_at))}
                  badge={<OriginBadge origin="assigned" />}
                  entries={[
                    {
                      text: t.copyToOwn,
                      icon: "copy",
                      onSelect: () => void navigate(`/templates/new?from=${template_id}`),
                    },
                  ]}
                />
              ))}
            </ul>
          )}
          <More pages={pages} />
        </div>
      )}
    </Read>
  );
}
