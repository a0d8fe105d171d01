import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { OriginBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { TemplateCard } from "./template_card";

const SHOWN = 6;

export function AssignedTemplates() {
  const t = useMessages(today);
  const format = useFormat();
  const read = useRead(["assigned templates", SHOWN], ({ driver }) =>
    driver.templates.listAssigned({ limit: SHOWN }),
  );
  const more = read.data?.next && (
    <ButtonLink look="quiet" small to="/templates?show=assigned">
      {t.all}
    </ButtonLink>
  );
  return (
    <Section title={t.assigned} actions={more}>
      <Read read={read} skeleton={<Skeleton height={8} />}>
        {({ entries }) =>
          entries.length === 0 ? (
            <EmptyState actions={<ButtonLink to="/templates?show=public">{t.public}</ButtonLink>}>
              {t.nothingAssigned}
            </EmptyState>
          ) : (
            <ul role="list" className="cards">
              {entries.map(({ template_id, name, assigned_at }) => (
                <TemplateCard
                  key={template_id}
                  templateId={template_id}
                  name={name}
                  about={t.assignedAt(format.relative(assigned_at))}
                  badge={<OriginBadge origin="assigned" />}
                />
              ))}
            </ul>
          )
        }
      </Read>
    </Section>
  );
}
