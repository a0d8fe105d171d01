import { useState } from "react";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { ButtonLink } from "@/ui/button";
import { Card, Progress, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { TodaysPack } from "./todays_pack";

const SHOWN = 6;

/** Skills whose review is due, with the template that they were practised in last. */
export function DueSkills() {
  const t = useMessages(today);
  const format = useFormat();
  const [openedAt] = useState(() => new Date());
  const read = useRead(["due skills", SHOWN], ({ driver }) =>
    driver.skills.list({ dueBy: openedAt, limit: SHOWN }),
  );
  return (
    <Section title={t.due} actions={<TodaysPack />}>
      <Read read={read} skeleton={<Skeleton height={5} />}>
        {({ entries }) =>
          entries.length === 0 ? (
            <p className="soft">{t.nothingDue}</p>
          ) : (
            <ul role="list" className="cards">
              {entries.map(({ skill_id, name, mastery, due_at, sources }) => (
                <Card as="li" key={skill_id}>
                  <h3>{name}</h3>
                  <Progress value={mastery} label={t.mastery(name)} />
                  <div className="row between">
                    <span className="soft small">
                      {format.percent(Math.round(mastery * 100))}
                      {due_at && ` · ${t.dueAt(format.relative(due_at))}`}
                    </span>
                    {sources[0] && (
                      <ButtonLink
                        small
                        icon="play"
                        to={`/practice/${sources[0].template_id}`}
                        aria-label={t.practiseOf(name)}
                      >
                        {t.practise}
                      </ButtonLink>
                    )}
                  </div>
                </Card>
              ))}
            </ul>
          )
        }
      </Read>
    </Section>
  );
}
