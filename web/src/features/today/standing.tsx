import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { Figure, Figures } from "@/ui/figures";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

/** Streak, XP and sessions so far. */
export function Standing() {
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
            <Figures>
              <Figure icon="flame" name={t.streak} about={t.longest(t.days(student.streak.longest))}>
                {t.days(student.streak.current)}
              </Figure>
              <Figure icon="bolt" name={t.xp} about={t.verified(format.number(student.xp_verified))}>
                {format.number(student.xp_total)}
              </Figure>
              <Figure icon="sessions" name={t.sessions}>
                {format.number(student.totals.assigned.sessions + student.totals.self_practice.sessions)}
              </Figure>
            </Figures>
          )
        }
      </Read>
    </Section>
  );
}
