import type { Session } from "practice-client";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { gradebook } from "@/i18n/gradebook";
import { BarChart } from "@/ui/charts/bars";
import { PointChart } from "@/ui/charts/points";
import type { Series } from "@/ui/charts/series";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { Calendar } from "./calendar";
import { dayOf, isCounted, noonOf } from "./days";
import { type Origin, filterOf } from "./shown";
import { minutesByWeek } from "./weeks";

const PAGE = 100;
const MOST_WEEKS = 26;

/** Charts of the latest sessions, and the calendar of their days. */
export function Charts({ origin }: { origin: Origin | undefined }) {
  const t = useMessages(gradebook);
  const format = useFormat();
  const pages = usePages<Session>(["sessions for charts", origin], {
    idOf: ({ session_id }) => session_id,
    read: ({ driver }, after) =>
      driver.sessions.list({ ...filterOf({ origin, status: undefined }), limit: PAGE, after }),
  });
  const { first, entries, hasMore } = pages;
  const oldest = entries.at(-1);
  const newest = entries[0];
  return (
    <Section title={t.charts}>
      <Read read={first} skeleton={<Skeleton height={60} />}>
        {() => {
          const counted = entries.filter(isCounted);
          if (!newest || !oldest || (counted.length === 0 && !hasMore))
            return <EmptyState>{t.nothingCovered}</EmptyState>;
          const dateOf = (session: Session) => format.date(noonOf(dayOf(session)));
          return (
            <>
              <More pages={pages} text={t.widen(PAGE)}>
                <p className="soft grow" role="status">
                  {hasMore
                    ? t.covered(entries.length, dateOf(oldest), dateOf(newest))
                    : t.coveredAll(entries.length)}
                </p>
              </More>
              <div className="columns">
                <MinutesAWeek sessions={counted} origin={origin} />
                <Scores sessions={counted} origin={origin} />
              </div>
              <Calendar sessions={counted} isBounded={hasMore} />
            </>
          );
        }}
      </Read>
    </Section>
  );
}

/** The series that a tab shows. */
function useSeries(origin: Origin | undefined): Series[] {
  const words = useMessages(common);
  const series: (Series & { key: Origin })[] = [
    { key: "assigned", name: words.assigned, look: "assigned" },
    { key: "self_practice", name: words.selfPractice, look: "self" },
  ];
  return series.filter(({ key }) => origin === undefined || key === origin);
}

interface Props {
  sessions: readonly Session[];
  origin: Origin | undefined;
}

function MinutesAWeek({ sessions, origin }: Props) {
  const t = useMessages(gradebook);
  const format = useFormat();
  const series = useSeries(origin);
  const { weeks, isCut } = minutesByWeek(sessions, format.firstWeekday, MOST_WEEKS);
  const highest = Math.max(0, ...weeks.map(({ minutes }) => minutes.assigned + minutes.self_practice));
  return (
    <BarChart
      title={t.minutesAWeek}
      {...(isCut ? { about: t.latestWeeks(MOST_WEEKS) } : {})}
      summary={t.minutesSummary(weeks.length, format.minutes(highest))}
      of={t.week}
      series={series}
      bars={weeks.map(({ week, minutes }) => ({
        key: week,
        label: format.date(noonOf(week)),
        short: format.dayMonth(noonOf(week)),
        values: { ...minutes },
      }))}
      textOf={format.minutes}
      axisTextOf={(value) => format.number(value)}
    />
  );
}

function Scores({ sessions, origin }: Props) {
  const t = useMessages(gradebook);
  const format = useFormat();
  const series = useSeries(origin);
  const points = sessions
    .flatMap((session) =>
      session.score_percent === null
        ? []
        : [
            {
              key: session.session_id,
              series: session.origin,
              label: `${session.name}, ${format.date(noonOf(dayOf(session)))}`,
              at: Date.parse(session.ended_at ?? session.last_activity_at),
              percent: session.score_percent,
            },
          ],
    )
    .sort((one, two) => one.at - two.at);
  if (points.length === 0) return <EmptyState>{t.noScores}</EmptyState>;
  const percents = points.map(({ percent }) => percent);
  return (
    <PointChart
      title={t.scores}
      about={t.scoresAbout}
      summary={t.scoresSummary(
        points.length,
        format.percent(Math.min(...percents)),
        format.percent(Math.max(...percents)),
      )}
      head={[t.session, t.kind, t.score]}
      series={series}
      points={points}
      textOf={format.percent}
      dateOf={(at) => format.dayMonth(new Date(at))}
    />
  );
}
