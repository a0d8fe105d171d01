import type { Session } from "practice-client";
import { type Ref, useRef } from "react";
import { Link, useParams } from "react-router";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { sessionParts } from "@/i18n/session_parts";
import { teach } from "@/i18n/teach";
import { StatusBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { CopyIdentifier, shortened } from "@/ui/identifier";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Table } from "@/ui/table";

import { useSessionColumns } from "./session_columns";
import { TeachersOnly } from "./teachers_only";

const PAGE = 20;

export default function TeachStudent() {
  const { id = "" } = useParams();
  return (
    <TeachersOnly>
      <AssignedSessions key={id} uid={id} />
    </TeachersOnly>
  );
}

function AssignedSessions({ uid }: { uid: string }) {
  const t = useMessages(teach);
  const body = useRef<HTMLTableSectionElement>(null);
  const pages = usePages<Session>(["sessions of one of my students", uid], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) => driver.sessions.listOfStudents({ student_id: uid, limit: PAGE, after }),
  });
  return (
    <Page
      title={t.studentTitle(shortened(uid))}
      actions={
        <>
          <CopyIdentifier uid={uid} />
          <ButtonLink icon="teach" to="/teach">
            {t.title}
          </ButtonLink>
        </>
      }
    >
      <Section title={t.ofStudent}>
        <Read read={pages.first} skeleton={<Skeleton height={30} />}>
          {() =>
            pages.entries.length === 0 ? (
              <EmptyState>{t.noneOfStudent}</EmptyState>
            ) : (
              <>
                <SessionTable sessions={pages.entries} body={body} />
                <More pages={pages} list={body}>
                  <p className="soft small" role="status">
                    {t.loaded(pages.entries.length)}
                  </p>
                </More>
              </>
            )
          }
        </Read>
      </Section>
    </Page>
  );
}

function SessionTable({ sessions, body }: { sessions: Session[]; body: Ref<HTMLTableSectionElement> }) {
  const t = useMessages(teach);
  const words = useMessages(common);
  const parts = useMessages(sessionParts);
  const format = useFormat();
  const { progress, score, xp, details } = useSessionColumns((session: Session) => session);
  return (
    <Table
      rows={sessions}
      keyOf={({ session_id }) => session_id}
      body={body}
      columns={[
        {
          heading: t.session,
          cell: ({ template_id, name }) =>
            template_id ? <Link to={`/teach/templates/${template_id}`}>{name}</Link> : name,
        },
        { heading: t.state, cell: ({ status }) => <StatusBadge status={status} /> },
        {
          heading: words.date,
          cell: ({ started_at }) => <time dateTime={started_at}>{format.dateTime(started_at)}</time>,
        },
        progress,
        score,
        {
          ...xp,
          cell: ({ xp: { total, verified } }) => (
            <span>
              {format.number(total)}
              <span className="soft small"> · {parts.verified(format.number(verified))}</span>
            </span>
          ),
        },
        details,
      ]}
    />
  );
}
