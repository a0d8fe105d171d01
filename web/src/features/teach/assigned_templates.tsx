import type { Session, Template } from "practice-client";
import { useRef } from "react";
import { Link } from "react-router";

import type { BackEnd } from "@/data/back_end";
import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { ButtonLink } from "@/ui/button";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Table } from "@/ui/table";

import { grouped } from "./grouped";
import { countStudents, isFinished, lastActivityOf } from "./practice";

const PAGE = 25;
const MOST_A_PRESS = 200;

interface WithStudents {
  template: Template;
  students: string[];
}

/** A page of own templates that have students, from as many pages of own templates as it takes. */
async function readWithStudents(
  { driver }: BackEnd,
  after: Parameters<typeof driver.templates.list>[0]["after"],
) {
  const entries: WithStudents[] = [];
  let cursor = after ?? null;
  let read = 0;
  do {
    const page = await driver.templates.list({ which: "mine", limit: PAGE, after: cursor });
    // A private template has no students.
    const shared = page.entries.filter(({ visibility }) => visibility !== "private");
    const found = await Promise.all(
      shared.map(async (template) => ({
        template,
        students: await driver.templates.readStudents(template.template_id),
      })),
    );
    entries.push(...found.filter(({ students }) => students.length > 0));
    cursor = page.next;
    read += PAGE;
  } while (cursor && entries.length === 0 && read < MOST_A_PRESS);
  return { entries, next: cursor };
}

interface Props {
  /** The sessions of all students. */
  sessions: readonly Session[];
  /** Whether they are all that there are. */
  isWhole: boolean;
}

export function AssignedTemplates({ sessions, isWhole }: Props) {
  const t = useMessages(teach);
  const body = useRef<HTMLTableSectionElement>(null);
  const pages = usePages<WithStudents>(["templates with students"], {
    idOf: ({ template }) => template.template_id,
    read: readWithStudents,
  });
  return (
    <Section title={t.assigned}>
      <p className="soft">{t.assignedAbout}</p>
      <Read read={pages.first} skeleton={<Skeleton height={14} />}>
        {() => (
          <>
            {pages.entries.length === 0 ? (
              <NoneAssigned />
            ) : (
              <TemplateTable entries={pages.entries} sessions={sessions} isWhole={isWhole} body={body} />
            )}
            <More pages={pages} list={body} />
          </>
        )}
      </Read>
    </Section>
  );
}

function NoneAssigned() {
  const t = useMessages(teach);
  return (
    <EmptyState
      actions={
        <>
          <ButtonLink look="primary" icon="plus" to="/templates/new">
            {t.write}
          </ButtonLink>
          <ButtonLink icon="templates" to="/templates">
            {t.templates}
          </ButtonLink>
        </>
      }
    >
      {t.nothingAssigned}
    </EmptyState>
  );
}

interface TableProps extends Props {
  entries: WithStudents[];
  body: React.Ref<HTMLTableSectionElement>;
}

function TemplateTable({ entries, sessions, isWhole, body }: TableProps) {
  const t = useMessages(teach);
  const format = useFormat();
  const byTemplate = grouped(sessions, ({ template_id }) => template_id);
  const rows = entries.map(({ template, students }) => {
    const own = byTemplate.get(template.template_id) ?? [];
    return {
      ...template,
      students: students.length,
      began: countStudents(own),
      finished: countStudents(own.filter(isFinished)),
      last: lastActivityOf(own),
    };
  });
  return (
    <Table
      rows={rows}
      keyOf={({ template_id }) => template_id}
      body={body}
      columns={[
        {
          heading: t.template,
          cell: ({ template_id, name }) => <Link to={`/teach/templates/${template_id}`}>{name}</Link>,
        },
        { heading: t.students, isNumber: true, cell: ({ students }) => format.number(students) },
        { heading: t.began, isNumber: true, cell: ({ began }) => format.number(began) },
        { heading: t.finished, isNumber: true, cell: ({ finished }) => format.number(finished) },
        {
          heading: t.last,
          cell: ({ last }) => (last ? format.relative(last) : isWhole ? t.never : t.notLately),
        },
      ]}
    />
  );
}
