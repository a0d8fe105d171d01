import type { CellPlace, GradeChange } from "practice-client";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { assignments } from "@/i18n/assignments";
import { classGradebook } from "@/i18n/class_gradebook";
import { shortened } from "@/ui/identifier";
import { More } from "@/ui/more";
import { Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

interface Props {
  place: CellPlace;
  /** Of the cell: after a change the log is read anew. */
  revision: number;
}

/** The audit log of a cell: who changed the grade, when, from what, to what, and why. */
export function Changes({ place, revision }: Props) {
  const t = useMessages(classGradebook);
  const { status } = useMessages(assignments);
  const format = useFormat();
  const { class_id, assignment_id, student_id } = place;
  const pages = usePages<GradeChange>(
    ["changes of a grade", class_id, assignment_id, student_id, String(revision)],
    {
      idOf: ({ at }) => at,
      read: ({ driver }, after) => driver.assignments.listChanges(place, { after }),
    },
  );
  const shown = (grade: GradeChange["before"], computed: number | null) => {
    if (grade === "exempt") return status.exempt;
    const percent = grade ?? computed;
    return percent === null ? "–" : format.percent(percent);
  };
  return (
    <Read read={pages.first} skeleton={<Skeleton height={4} />}>
      {() => (
        <>
          {pages.entries.length === 0 && <p className="soft">{t.noChanges}</p>}
          <ul role="list" className="stack">
            {pages.entries.map(({ at, by, before, after, score_percent, note }) => (
              <li key={at}>
                <strong>{t.change(shown(before, score_percent), shown(after, score_percent))}</strong>
                <p className="soft small row">
                  {t.by(format.dateTime(at))} {by === null ? "–" : shortened(by)}
                </p>
                {note && <p className="logged-text">{note}</p>}
              </li>
            ))}
          </ul>
          <More pages={pages} />
        </>
      )}
    </Read>
  );
}
