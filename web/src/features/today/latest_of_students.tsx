import { Link } from "react-router";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { today } from "@/i18n/today";
import { StatusBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { StudentLink } from "@/ui/identifier";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Table } from "@/ui/table";

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
            <Table
              rows={entries}
              keyOf={({ session_id }) => session_id}
              columns={[
                {
                  heading: words.name,
                  cell: ({ session_id, name }) => <Link to={`/sessions/${session_id}`}>{name}</Link>,
                },
                { heading: t.student, cell: ({ student_id }) => <StudentLink uid={student_id} /> },
                {
                  heading: words.date,
                  cell: ({ last_activity_at }) => format.relative(last_activity_at),
                },
                { heading: t.status, cell: ({ status }) => <StatusBadge status={status} /> },
              ]}
            />
          )
        }
      </Read>
    </Section>
  );
}
