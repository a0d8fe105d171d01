import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { TemplateCard } from "./template_card";

const SHOWN = 6;

export function OwnTemplates() {
  const t = useMessages(today);
  const format = useFormat();
  const read = useRead(["own templates", SHOWN], ({ driver }) =>
    driver.templates.list({ which: "mine", limit: SHOWN }),
  );
  const write = (
    <ButtonLink icon="plus" to="/templates/new">
      {t.write}
    </ButtonLink>
  );
  return (
    <Section title={t.own} actions={read.data?.entries.length ? write : undefined}>
      <Read read={read} skeleton={<Skeleton height={8} />}>
        {({ entries, next }) =>
          entries.length === 0 ? (
            <EmptyState actions={write}>{t.nothingOwn}</EmptyState>
          ) : (
            <>
              <ul role="list" className="cards">
                {entries.map(({ template_id, name, updated_at }) => (
                  <TemplateCard
                    key={template_id}
                    templateId={template_id}
                    name={name}
                    about={t.changedAt(format.relative(updated_at))}
                    actions={
                      <ButtonLink
                        small
                        look="quiet"
                        icon="log"
                        to={`/templates/${template_id}`}
                        aria-label={t.openOf(name)}
                      >
                        {t.open}
                      </ButtonLink>
                    }
                  />
                ))}
              </ul>
              {next && (
                <div className="row">
                  <ButtonLink to="/templates">{t.all}</ButtonLink>
                </div>
              )}
            </>
          )
        }
      </Read>
    </Section>
  );
}
