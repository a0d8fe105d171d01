import { useId } from "react";

import { areaOf, ValueAxis } from "./axis";
import { ChartFrame } from "./frame";
import { isLabelled, ticks } from "./scale";
import { Hatching, type Series } from "./series";

interface Bar {
  key: string;
  /** In the table. */
  label: string;
  /** Below the bar. */
  short: string;
  /** By the key of the series. */
  values: Record<string, number>;
}

interface Props {
  title: string;
  about?: string;
  summary: string;
  /** The heading of the first column of the table. */
  of: string;
  series: readonly Series[];
  bars: readonly Bar[];
  textOf: (value: number) => string;
  /** The values' texts beside the axis; default: textOf. */
  axisTextOf?: (value: number) => string;
}

const HEIGHT = 220;
const LABEL_WIDTH = 52;
const WIDEST = 56;

/** Bars whose series stand on each other. */
export function BarChart(props: Props) {
  const { title, about, summary, of, series, bars, textOf } = props;
  const valueOf = (bar: Bar, { key }: Series) => bar.values[key] ?? 0;
  return (
    <ChartFrame
      title={title}
      about={about}
      summary={summary}
      legend={series}
      height={HEIGHT}
      table={{
        head: [of, ...series.map(({ name }) => name)],
        rows: bars.map((bar) => [bar.label, ...series.map((one) => textOf(valueOf(bar, one)))]),
      }}
    >
      {(width) => <Drawing {...props} width={width} valueOf={valueOf} />}
    </ChartFrame>
  );
}

interface DrawingProps extends Props {
  width: number;
  valueOf: (bar: Bar, series: Series) => number;
}

function Drawing({ series, bars, textOf, axisTextOf = textOf, width, valueOf }: DrawingProps) {
  const hatching = useId();
  const area = areaOf(width, HEIGHT);
  const sum = (bar: Bar) => series.reduce((total, one) => total + valueOf(bar, one), 0);
  const values = ticks(Math.max(...bars.map(sum), 0));
  const highest = values.at(-1) ?? 1;
  const yOf = (value: number) => area.bottom - (value / highest) * (area.bottom - area.top);
  const slot = (area.right - area.left) / Math.max(bars.length, 1);
  const thickness = Math.min(slot * 0.7, WIDEST);
  const room = Math.floor((area.right - area.left) / LABEL_WIDTH);
  return (
    <>
      <defs>
        <Hatching id={hatching} />
      </defs>
      <ValueAxis area={area} values={values} yOf={yOf} textOf={axisTextOf} />
      {bars.map((bar, index) => {
        const middle = area.left + slot * (index + 0.5);
        let below = 0;
        return (
          <g key={bar.key}>
            {series.map((one) => {
              const value = valueOf(bar, one);
              const from = below;
              below += value;
              if (!value) return null;
              const box = {
                x: middle - thickness / 2,
                y: yOf(from + value),
                width: thickness,
                height: yOf(from) - yOf(from + value),
              };
              return (
                <g key={one.key} className={`chart-${one.look}`}>
                  <rect className="chart-bar" {...box} />
                  {one.look === "self" && <rect fill={`url(#${hatching})`} {...box} />}
                  <title>{`${bar.label}: ${one.name} ${textOf(value)}`}</title>
                </g>
              );
            })}
            {isLabelled(index, bars.length, room) && (
              <text className="chart-text" x={middle} y={HEIGHT - 8} textAnchor="middle">
                {bar.short}
              </text>
            )}
          </g>
        );
      })}
    </>
  );
}
