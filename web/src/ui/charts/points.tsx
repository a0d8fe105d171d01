import { areaOf, ValueAxis } from "./axis";
import { ChartFrame } from "./frame";
import { Mark, type Series } from "./series";

interface Point {
  key: string;
  series: string;
  /** In the table. */
  label: string;
  /** Milliseconds. */
  at: number;
  /** 0 to 100 */
  percent: number;
}

interface Props {
  title: string;
  about?: string;
  summary: string;
  /** The headings of the table: what a row is, its series, its value. */
  head: [string, string, string];
  series: readonly Series[];
  /** In order of time. */
  points: readonly Point[];
  textOf: (percent: number) => string;
  dateOf: (at: number) => string;
}

const HEIGHT = 220;
const PERCENTS = [0, 25, 50, 75, 100];
const LABEL_WIDTH = 110;

/** Percentages over time, a line for each series. */
export function PointChart(props: Props) {
  const { title, about, summary, head, series, points, textOf } = props;
  const nameOf = (key: string) => series.find((one) => one.key === key)?.name ?? "";
  return (
    <ChartFrame
      title={title}
      about={about}
      summary={summary}
      legend={series}
      height={HEIGHT}
      table={{
        head,
        rows: points.toReversed().map((point) => [point.label, nameOf(point.series), textOf(point.percent)]),
      }}
    >
      {(width) => <Drawing {...props} width={width} />}
    </ChartFrame>
  );
}

function Drawing({ series, points, textOf, dateOf, width }: Props & { width: number }) {
  const area = areaOf(width, HEIGHT);
  const first = points[0]?.at ?? 0;
  const length = Math.max((points.at(-1)?.at ?? 0) - first, 1);
  // Marks at the ends stay whole.
  const [begin, end] = [area.left + 10, area.right - 10];
  const isMoment = points.length < 2 || length === 1;
  const xOf = (at: number) =>
    isMoment ? (begin + end) / 2 : begin + ((at - first) / length) * (end - begin);
  const yOf = (percent: number) => area.bottom - (percent / 100) * (area.bottom - area.top);
  return (
    <>
      <ValueAxis area={area} values={PERCENTS} yOf={yOf} textOf={textOf} />
      {series.map(({ key, look, name }) => {
        const own = points.filter((point) => point.series === key);
        return (
          <g key={key}>
            <polyline
              className={`chart-path chart-${look}`}
              points={own.map(({ at, percent }) => `${xOf(at)},${yOf(percent)}`).join(" ")}
            />
            {own.map((point) => (
              <Mark
                key={point.key}
                look={look}
                x={xOf(point.at)}
                y={yOf(point.percent)}
                title={`${point.label}: ${name} ${textOf(point.percent)}`}
              />
            ))}
          </g>
        );
      })}
      {isMoment
        ? points[0] && (
            <text className="chart-text" x={(begin + end) / 2} y={HEIGHT - 8} textAnchor="middle">
              {dateOf(first)}
            </text>
          )
        : dates(first, length, Math.floor((end - begin) / LABEL_WIDTH)).map((at, index, all) => (
            <text
              key={at}
              className="chart-text"
              x={xOf(at)}
              y={HEIGHT - 8}
              textAnchor={index === 0 ? "start" : index === all.length - 1 ? "end" : "middle"}
            >
              {dateOf(at)}
            </text>
          ))}
    </>
  );
}

/** From the first to the last instant in equal steps, two to five of them. */
function dates(first: number, length: number, room: number): number[] {
  const count = Math.min(Math.max(room, 2), 5);
  return Array.from({ length: count }, (_, index) => first + (length * index) / (count - 1));
}
