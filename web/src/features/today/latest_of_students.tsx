import { Link } from "react-router";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { today } from "@/i18n/today";
import { StatusBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

const SHOWN = 8;

/** For a teacher: what students have practised last of what was assigned. */
export function LatestOfStudents() {
  const t = useMessages(today);
  const words = useMessages(common);
  const format = useFormat();
  const read = useRead(["sessions of students", SHOWN], ({ driver }) =>
    driver.sessions.listOfStudents({ limit: SHOWN }),
  );
  return (
    <Section
      title={t.latest}
      actions={
        <ButtonLink look="quiet" small to="/teach">
          {t.allStudents}
        </ButtonLink>
      }
    >
      <Read read={read} skeleton={<Skeleton height={12} />}>
        {({ entries }) =>
          entries.length === 0 ? (
            <EmptyState>{t.noStudents}</EmptyState>
          ) : (
            <div className="table-frame">
              <table className="table table-cards">
                <thead>
                  <tr>
                    <th scope="col">{words.name}</th>
                    <th scope="col">{t.student}</th>
                    <th scope="col">{words.date}</th>
                    <th scope="col">{t.status}</th>
                  </tr>
                </thead>
                <tbody>
                  {entries.map((session) => (
                    <tr key={session.session_id}>
                      <th scope="row">
                        <Link to={`/sessions/${session.session_id}`}>{session.name}</Link>
                      </th>
                      <td data-label={t.student}>
                        <Link to={`/teach/students/${session.student_id}`}>{session.student_id}</Link>
                      </td>
                      <td data-label={words.date}>{format.relative(session.last_activity_at)}</td>
                      <td data-label={t.status}>
                        <StatusBadge status={session.status} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Read>
    </Section>
  );
}
