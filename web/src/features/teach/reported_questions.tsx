import { type QuestionReport, buildQuery } from "practice-client";
import { getDocs, limit, query } from "firebase/firestore/lite";
import { useState } from "react";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { report as texts } from "@/i18n/report";
import { More } from "@/ui/more";
import { StudentLink } from "@/ui/identifier";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Picture } from "@/ui/picture";
import { RichText } from "@/ui/rich_text";
import { FoldedStem } from "@/ui/tutor/stem";
import { Table } from "@/ui/table";

/** The reports read at first, and that one press adds. */
const SHOWN = 20;

type Report = Omit<QuestionReport, "reported_at"> & { reported_at: { toDate(): Date } };

/** What students have reported of a template, the latest first, each with the question as it was asked. */
export default function ReportedQuestions({ templateId }: { templateId: string }) {
  const t = useMessages(texts);
  const [most, setMost] = useState(SHOWN);
  const read = useRead(["reported questions", templateId, most], async ({ firebase, uid }) => {
    const values = { me: uid, template_id: templateId };
    const listed = buildQuery(firebase.firestore, "reports of questions of a template", values);
    const { docs } = await getDocs(query(listed, limit(most + 1)));
    return docs.map((found) => ({ ...(found.data() as Report), report_id: found.id }));
  });
  return (
    <Section title={t.reports}>
      <Read read={read} skeleton={<Skeleton height={8} />}>
        {(reports) =>
          reports.length === 0 ? (
            <EmptyState>{t.none}</EmptyState>
          ) : (
            <>
              <Reports reports={reports.slice(0, most)} />
              <More pages={{ hasMore: reports.length > most, readMore: () => setMost(most + SHOWN) }} />
            </>
          )
        }
      </Read>
    </Section>
  );
}

function Reports({ reports }: { reports: Report[] }) {
  const t = useMessages(texts);
  const format = useFormat();
  return (
    <Table
      rows={reports}
      keyOf={({ report_id }) => report_id}
      columns={[
        { heading: t.when, cell: ({ reported_at }) => format.date(reported_at.toDate().toISOString()) },
        { heading: t.student, cell: ({ student_id }) => <StudentLink uid={student_id} /> },
        { heading: t.question, cell: (report) => <Asked report={report} /> },
        { heading: t.answer, cell: (report) => textOf(report, report.answer) || t.noText },
        { heading: t.key, cell: (report) => textOf(report, report.correct_answer) || t.noText },
        { heading: t.noteOf, cell: ({ note }) => note ?? t.noText },
      ]}
    />
  );
}

function Asked({ report }: { report: Report }) {
  const t = useMessages(texts);
  const format = useFormat();
  const { prompt, stem, image, choices, question_id } = report;
  return (
    <>
      {stem && <FoldedStem stem={stem} />}
      <RichText text={prompt ?? question_id} />
      {image && <Picture image={image} />}
      {choices && choices.length > 0 && (
        <p className="soft small">{t.choices(format.list(choices.map(({ text }) => text ?? "")))}</p>
      )}
    </>
  );
}

/** An answer in words: choices by their texts. */
function textOf(report: Report, answer: unknown): string {
  if (answer === null || answer === undefined) return "";
  const names = new Map(report.choices?.map(({ id, text }) => [id, text]));
  const parts = Array.isArray(answer) ? answer : [answer];
  return parts.map((part) => names.get(String(part)) ?? String(part)).join(", ");
}
