import type { Session } from "practice-client";
import { useParams } from "react-router";

import { usePages } from "@/data/pages";
import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { ButtonLink } from "@/ui/button";
import { shortened } from "@/ui/identifier";
import { later } from "@/ui/later";
import { LiveState } from "@/ui/live_state";
import { More } from "@/ui/more";
import { Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { MissedQuestions } from "./missed_questions";
import { merged, rosterOf } from "./roster";
import { Roster } from "./roster_table";
import { TeachersOnly } from "./teachers_only";
import { useLiveSessions } from "./use_live_sessions";

const ReportedQuestions = later(() => import("./reported_questions"));

/** The newest sessions, which are watched, and those that one press adds. */
const SESSIONS = 100;

export default function TeachTemplate() {
  const { id = "" } = useParams();
  return (
    <TeachersOnly>
      <AssignedTemplate key={id} id={id} />
    </TeachersOnly>
  );
}

function AssignedTemplate({ id }: { id: string }) {
  const t = useMessages(teach);
  const read = useRead(["template with students", id], async ({ driver }) => {
    const [template, students] = await Promise.all([
      driver.templates.read(id),
      driver.templates.readStudents(id),
    ]);
    return { template, students };
  });
  const pages = usePages<Session>(["sessions of my students of a template", id], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) => driver.sessions.listOfStudents({ template_id: id, limit: SESSIONS, after }),
  });
  const isRead = read.data !== undefined && pages.first.data !== undefined;
  const live = useLiveSessions(id, SESSIONS, isRead);
  const sessions = merged(live.sessions, pages.entries, SESSIONS);
  // Fewer than could be watched are all that there are.
  const isWhole = !pages.hasMore || (live.sessions !== null && live.sessions.length < SESSIONS);
  return (
    <Page
      title={read.data?.template.name ?? t.title}
      actions={
        <ButtonLink icon="templates" to={`/templates/${id}`}>
          {t.openTemplate}
        </ButtonLink>
      }
    >
      <Section title={t.students}>
        <Read read={read} skeleton={<Skeleton height={30} />}>
          {({ students }) => (
            <Read read={pages.first} skeleton={<Skeleton height={30} />}>
              {() => (
                <>
                  <LiveState
                    {...live}
                    isWatching={live.sessions !== null}
                    news={live.news && t[live.news.kind](shortened(live.news.uid))}
                  />
                  {!isWhole && (
                    <More pages={pages} text={t.widen(SESSIONS)}>
                      <p className="soft grow">{t.bounded(sessions.length)}</p>
                    </More>
                  )}
                  <Roster rows={rosterOf(students, sessions, isWhole)} />
                </>
              )}
            </Read>
          )}
        </Read>
      </Section>
      {isRead && <MissedQuestions sessions={sessions} />}
      {isRead && <ReportedQuestions templateId={id} />}
    </Page>
  );
}
