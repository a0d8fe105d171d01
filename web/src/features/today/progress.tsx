import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { Figure } from "@/ui/figures";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Standing } from "@/ui/standing";

/** Streak, XP and sessions so far. */
export function Progress() {
  const t = useMessages(today);
  const format = useFormat();
  const read = useRead(["statistics"], ({ driver }) => driver.sessions.statistics());
  return (
    <Section title={t.progress}>
      <Read read={read} skeleton={<Skeleton height={5} />}>
        {(student) =>
          student === null ? (
            <p className="soft">{t.noStatistics}</p>
          ) : (
            <Standing student={student}>
              <Figure icon="sessions" name={t.sessions}>
                {format.number(student.totals.assigned.sessions + student.totals.self_practice.sessions)}
              </Figure>
            </Standing>
          )
        }
      </Read>
    </Section>
  );
}
