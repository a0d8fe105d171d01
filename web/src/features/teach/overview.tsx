import type { Session, Template } from "practice-client";
import { Link } from "react-router";

import type { BackEnd } from "@/data/back_end";
import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { teach } from "@/i18n/teach";
import { Button, ButtonLink } from "@/ui/button";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { grouped } from "./grouped";
import { StudentLink } from "./student_id";
import { TeachersOnly } from "./teachers_only";

import "./teach.css";

/** Sessions that counts are made from, and that one press adds. */
const SESSIONS = 100;
const TEMPLATES = 25;
const MOST_TEMPLATES_A_PRESS = 200;

export default function Teach() {
  return (
    <TeachersOnly>
      <Overview />
    </TeachersOnly>
  );
}

function Overview() {
  const t = useMessages(teach);
  const sessions = usePages<Session>(
    ["sessions of my students"],
    ({ driver }, after) => driver.sessions.listOfStudents({ limit: SESSIONS, after }),
    ({ session_id }) => session_id,
  );
  return (
    <Page title={t.title}>
      <AssignedTemplates sessions={sessions.entries} isWhole={!sessions.hasMore} />
      <Section title={t.students}>
        <Read read={sessions.first} skeleton={<Skeleton height={14} />}>
          {() => <Students {...sessions} />}
        </Read>
      </Section>
    </Page>
  );
}

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
    const page = await driver.templates.list({ which: "mine", limit: TEMPLATES, after: cursor });
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
    read += TEMPLATES;
  } while (cursor && entries.length === 0 && read < MOST_TEMPLATES_A_PRESS);
  return { entries, next: cursor };
}

function AssignedTemplates({ sessions, isWhole }: { sessions: readonly Session[]; isWhole: boolean }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const pages = usePages<WithStudents>(
    ["templates with students"],
    readWithStudents,
    ({ template }) => template.template_id,
  );
  const { first, entries, hasMore, more, isLoadingMore, moreError } = pages;
  return (
    <Section title={t.assigned}>
      <p className="soft">{t.assignedAbout}</p>
      <Read read={first} skeleton={<Skeleton height={14} />}>
        {() => (
          <>
            {entries.length === 0 ? (
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
            ) : (
              <TemplateTable entries={entries} sessions={sessions} isWhole={isWhole} />
            )}
            {moreError !== undefined && <ErrorNotice error={moreError} retry={more} />}
            {hasMore && (
              <div className="row">
                <Button isBusy={isLoadingMore} onClick={more}>
                  {words.more}
                </Button>
              </div>
            )}
          </>
        )}
      </Read>
    </Section>
  );
}

interface TableProps {
  entries: WithStudents[];
  sessions: readonly Session[];
  isWhole: boolean;
}

function TemplateTable({ entries, sessions, isWhole }: TableProps) {
  const t = useMessages(teach);
  const format = useFormat();
  const byTemplate = grouped(sessions, ({ template_id }) => template_id);
  return (
    <div className="table-frame">
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t.template}</th>
            <th scope="col" className="number">
              {t.students}
            </th>
            <th scope="col" className="number">
              {t.began}
            </th>
            <th scope="col" className="number">
              {t.finished}
            </th>
            <th scope="col">{t.last}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ template: { template_id, name }, students }) => {
            const own = byTemplate.get(template_id) ?? [];
            const began = studentsOf(own);
            const finished = studentsOf(own.filter(({ status }) => status === "completed"));
            const last = own
              .map(({ last_activity_at }) => last_activity_at)
              .sort()
              .at(-1);
            return (
              <tr key={template_id}>
                <th scope="row">
                  <Link to={`/teach/templates/${template_id}`}>{name}</Link>
                </th>
                <td data-label={t.students} className="number">
                  {format.number(students.length)}
                </td>
                <td data-label={t.began} className="number">
                  {format.number(began)}
                </td>
                <td data-label={t.finished} className="number">
                  {format.number(finished)}
                </td>
                <td data-label={t.last}>{last ? format.relative(last) : isWhole ? t.never : t.notLately}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function studentsOf(sessions: readonly Session[]): number {
  return new Set(sessions.map(({ student_id }) => student_id)).size;
}

type StudentsProps = Omit<ReturnType<typeof usePages<Session>>, "first">;

function Students({ entries, hasMore, more, isLoadingMore, moreError }: StudentsProps) {
  const t = useMessages(teach);
  const format = useFormat();
  if (entries.length === 0) return <EmptyState>{t.nothingPractised}</EmptyState>;
  const students = [...grouped(entries, ({ student_id }) => student_id)]
    .map(([uid, sessions]) => ({
      uid,
      sessions: sessions.length,
      finished: sessions.filter(({ status }) => status === "completed").length,
      last:
        sessions
          .map(({ last_activity_at }) => last_activity_at)
          .sort()
          .at(-1) ?? "",
    }))
    .sort((one, two) => two.last.localeCompare(one.last));
  return (
    <>
      <div className="row between">
        <p className="soft" role="status">
          {hasMore ? t.coveredLatest(entries.length) : t.coveredAll(entries.length)} {t.studentsAbout}
        </p>
        {hasMore && (
          <Button small icon="plus" isBusy={isLoadingMore} onClick={more}>
            {t.widen(SESSIONS)}
          </Button>
        )}
      </div>
      {moreError !== undefined && <ErrorNotice error={moreError} retry={more} />}
      <div className="table-frame">
        <table className="table table-cards">
          <thead>
            <tr>
              <th scope="col">{t.student}</th>
              <th scope="col" className="number">
                {t.sessions}
              </th>
              <th scope="col" className="number">
                {t.finished}
              </th>
              <th scope="col">{t.last}</th>
            </tr>
          </thead>
          <tbody>
            {students.map(({ uid, sessions, finished, last }) => (
              <tr key={uid}>
                <th scope="row">
                  <StudentLink uid={uid} />
                </th>
                <td data-label={t.sessions} className="number">
                  {format.number(sessions)}
                </td>
                <td data-label={t.finished} className="number">
                  {format.number(finished)}
                </td>
                <td data-label={t.last}>{format.relative(last)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
