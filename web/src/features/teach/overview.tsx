import type { Session } from "practice-client";

import { usePages } from "@/data/pages";
import { useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { AssignedTemplates } from "./assigned_templates";
import { Students } from "./students";
import { TeachersOnly } from "./teachers_only";

/** Sessions that counts are made from, and that one press adds. */
const SESSIONS = 100;

export default function Teach() {
  return (
    <TeachersOnly>
      <Overview />
    </TeachersOnly>
  );
}

function Overview() {
  const t = useMessages(teach);
  const sessions = usePages<Session>(["sessions of my students"], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) => driver.sessions.listOfStudents({ limit: SESSIONS, after }),
  });
  return (
    <Page title={t.title}>
      <AssignedTemplates sessions={sessions.entries} isWhole={!sessions.hasMore} />
      <Section title={t.students}>
        <Read read={sessions.first} skeleton={<Skeleton height={14} />}>
          {() => <Students pages={sessions} pageSize={SESSIONS} />}
        </Read>
      </Section>
    </Page>
  );
}
