import type { Session } from "practice-client";

import type { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { StudentLink } from "@/ui/identifier";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Table } from "@/ui/table";

import { grouped } from "./grouped";
import { isFinished, lastActivityOf } from "./practice";

interface Props {
  pages: ReturnType<typeof usePages<Session>>;
  /** How many sessions another page has. */
  pageSize: number;
}

/** Who has practised, counted from the sessions read so far. */
export function Students({ pages, pageSize }: Props) {
  const t = useMessages(teach);
  const format = useFormat();
  const { entries, hasMore } = pages;
  if (entries.length === 0) return <EmptyState>{t.nothingPractised}</EmptyState>;
  const students = [...grouped(entries, ({ student_id }) => student_id)]
    .map(([uid, sessions]) => ({ uid, sessions, last: lastActivityOf(sessions) ?? "" }))
    .sort((one, two) => two.last.localeCompare(one.last));
  return (
    <>
      <More pages={pages} text={t.widen(pageSize)}>
        <p className="soft grow" role="status">
          {hasMore ? t.coveredLatest(entries.length) : t.coveredAll(entries.length)} {t.studentsAbout}
        </p>
      </More>
      <Table
        rows={students}
        keyOf={({ uid }) => uid}
        columns={[
          { heading: t.student, cell: ({ uid }) => <StudentLink uid={uid} /> },
          {
            heading: t.sessions,
            isNumber: true,
            cell: ({ sessions }) => format.number(sessions.length),
          },
          {
            heading: t.finished,
            isNumber: true,
            cell: ({ sessions }) => format.number(sessions.filter(isFinished).length),
          },
          { heading: t.last, cell: ({ last }) => format.relative(last) },
        ]}
      />
    </>
  );
}
