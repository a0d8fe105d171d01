import type { Skill } from "practice-client";
import { useRef } from "react";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { gradebook } from "@/i18n/gradebook";
import { MeterBar } from "@/ui/charts/meter";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Table } from "@/ui/table";

const PAGE = 20;

/** Mastery by skill: the bars stand in their table. */
export function Skills() {
  const t = useMessages(gradebook);
  const format = useFormat();
  const body = useRef<HTMLTableSectionElement>(null);
  const pages = usePages<Skill>(["skills"], {
    idOf: ({ skill_id }) => skill_id,
    read: ({ driver }, after) => driver.skills.list({ limit: PAGE, after }),
  });
  const table = (
    <Table
      rows={pages.entries}
      keyOf={({ skill_id }) => skill_id}
      body={body}
      columns={[
        { heading: t.skill, cell: ({ name }) => name },
        {
          heading: t.mastery,
          cell: ({ mastery }) => (
            <span className="gradebook-mastery">
              <MeterBar value={mastery} />
              <span className="number">{format.percent(Math.round(mastery * 100))}</span>
            </span>
          ),
        },
        { heading: t.attempts, isNumber: true, cell: ({ attempts }) => format.number(attempts) },
        { heading: t.due, cell: ({ due_at }) => (due_at ? format.relative(due_at) : t.notDue) },
      ]}
    />
  );
  return (
    <Section title={t.skills}>
      <p className="soft">{t.skillsAbout}</p>
      <Read read={pages.first} skeleton={<Skeleton height={16} />}>
        {() => (pages.entries.length === 0 ? <EmptyState>{t.noSkills}</EmptyState> : table)}
      </Read>
      <More pages={pages} list={body} />
    </Section>
  );
}
