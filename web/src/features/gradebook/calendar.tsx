import type { Session } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { gradebook } from "@/i18n/gradebook";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icons";
import { Card } from "@/ui/page";

import { addMonths, dayOf, noonOf, weeksOf } from "./days";
import { useShown } from "./shown";

interface Day {
  assigned: number;
  self_practice: number;
  seconds: number;
}

interface Props {
  sessions: readonly Session[];
  /** Whether there are older sessions that are not among these. */
  isBounded: boolean;
}

/** A month of days practised, a row for each week. */
export function Calendar({ sessions, isBounded }: Props) {
  const t = useMessages(gradebook);
  const format = useFormat();
  const { search, show } = useShown();
  const days = byDay(sessions);
  const months = [...days.keys()].map((day) => day.slice(0, 7)).sort();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return null;
  const wished = /^\d{4}-(0[1-9]|1[0-2])$/.exec(search.get("month") ?? "")?.[0];
  const month = wished && wished >= first && wished <= last ? wished : last;
  const weeks = weeksOf(month, format.firstWeekday);
  const name = format.month(noonOf(`${month}-01`));
  const practised = [...days.keys()].filter((day) => day.startsWith(month)).length;
  return (
    <Card as="section">
      <div className="row between">
        <h3>{t.calendar}</h3>
        <div className="row">
          <Button
            small
            icon="left"
            aria-label={t.before}
            isBusy={month === first}
            onClick={() => show({ month: addMonths(month, -1) })}
          />
          <Button
            small
            icon="right"
            aria-label={t.after}
            isBusy={month === last}
            onClick={() => show({ month: addMonths(month, 1) })}
          />
        </div>
      </div>
      <p role="status">
        <strong>{name}</strong> · {t.practisedDays(practised)}
      </p>
      <table className="calendar">
        <caption className="visually-hidden">{t.calendarOf(name)}</caption>
        <thead>
          <tr>
            {weeks[0]?.map((day) => (
              <th key={day} scope="col" abbr={format.weekday(noonOf(day))}>
                <span aria-hidden="true">{format.weekday(noonOf(day), "short")}</span>
                <span className="visually-hidden">{format.weekday(noonOf(day))}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day}>{day.startsWith(month) && <DayCell day={day} of={days.get(day)} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {isBounded && <p className="soft small">{t.calendarBound}</p>}
    </Card>
  );
}

function DayCell({ day, of }: { day: string; of: Day | undefined }) {
  const t = useMessages(gradebook);
  const format = useFormat();
  const date = format.date(noonOf(day));
  const counts = of && [
    ...(of.assigned ? [t.countAssigned(of.assigned)] : []),
    ...(of.self_practice ? [t.countOwn(of.self_practice)] : []),
  ];
  const text = of
    ? t.dayOf(date, format.list(counts ?? []), format.duration(of.seconds))
    : t.noPractice(date);
  return (
    <div className={of ? "calendar-day calendar-practised" : "calendar-day"} title={of ? text : undefined}>
      <span aria-hidden="true">{Number(day.slice(8))}</span>
      <span className="visually-hidden">{text}</span>
      <span className="calendar-signs" aria-hidden="true">
        {of && of.assigned > 0 && (
          <span className="calendar-assigned">
            <Icon name="assigned" size={14} />
          </span>
        )}
        {of && of.self_practice > 0 && (
          <span className="calendar-self">
            <Icon name="self" size={14} />
          </span>
        )}
      </span>
    </div>
  );
}

function byDay(sessions: readonly Session[]): Map<string, Day> {
  const days = new Map<string, Day>();
  for (const session of sessions) {
    const day = dayOf(session);
    const known = days.get(day) ?? { assigned: 0, self_practice: 0, seconds: 0 };
    known[session.origin] += 1;
    known.seconds += session.time_spent_seconds ?? 0;
    days.set(day, known);
  }
  return days;
}
