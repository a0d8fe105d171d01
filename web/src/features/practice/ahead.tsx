import type { Skill } from "practice-client";
import { useState } from "react";

import { timeZone } from "@/data/back_end";
import { localDate } from "@/data/local_days";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { daily } from "@/i18n/daily";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { DayBegins } from "./day_begins";

const DAYS = 7;
/** More than a portion a day. */
const MOST = 300;

/** What comes back tomorrow and in the week ahead. */
export function Ahead() {
  const t = useMessages(daily);
  const format = useFormat();
  const [now] = useState(() => new Date());
  const student = useRead(["statistics"], ({ driver }) => driver.sessions.statistics());
  const days = daysFrom(localDate(now, timeZone(), student.data?.day_begins));
  const read = useRead(["skills ahead"], ({ driver }) =>
    driver.skills.list({ dueBy: days.at(-1)?.ends ?? new Date(), limit: MOST }),
  );
  return (
    <Section title={t.ahead}>
      <p className="soft">{t.aheadText}</p>
      <Read read={read} skeleton={<Skeleton height={8} />}>
        {({ entries }) => (
          <dl className="parts ahead">
            {days.map(({ begins, ends }, index) => {
              const count = countDue(entries, index ? begins : undefined, ends);
              if (index === 0 && count === 0) return null;
              return (
                <div key={begins.toISOString()}>
                  <dt>{index === 0 ? t.today : index === 1 ? t.tomorrow : format.weekday(begins)}</dt>
                  <dd className="number">{count ? t.skills(format.number(count)) : "–"}</dd>
                </div>
              );
            })}
          </dl>
        )}
      </Read>
      <DayBegins />
    </Section>
  );
}

/** The day of a local date and those after it: reviews are due as a local day begins, after its midnight. */
function daysFrom(today: string): { begins: Date; ends: Date }[] {
  const [year, month, day] = today.split("-").map(Number) as [number, number, number];
  const midnight = (offset: number) => new Date(year, month - 1, day + offset);
  return Array.from({ length: DAYS + 1 }, (_, index) => ({
    begins: midnight(index),
    ends: midnight(index + 1),
  }));
}

function countDue(skills: readonly Skill[], from: Date | undefined, to: Date): number {
  return skills.filter(({ due_at }) => {
    const due = due_at ? Date.parse(due_at) : NaN;
    return due < to.getTime() && (!from || due >= from.getTime());
  }).length;
}
