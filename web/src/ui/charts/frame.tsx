import { type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";

import { useMessages } from "@/i18n";
import { charts } from "@/i18n/charts";

import { Mark, type Series } from "./series";

import "./charts.css";

interface ChartTable {
  head: string[];
  /** The first cell of a row is its heading. */
  rows: string[][];
}

interface Props {
  title: string;
  /** What the chart covers. */
  about?: ReactNode;
  /** One sentence for those who do not see it. */
  summary: string;
  legend?: readonly Series[];
  table: ChartTable;
  /** The height of the picture, in pixels. */
  height: number;
  /** Draws in a coordinate system of pixels. */
  children: (width: number) => ReactNode;
}

/** A picture with the same numbers in a table. Texts keep their size on every screen. */
export function ChartFrame({ title, about, summary, legend, table, height, children }: Props) {
  const t = useMessages(charts);
  const id = useId();
  const { ref, width } = useWidth();
  return (
    <figure className="card chart" aria-labelledby={id}>
      <div>
        <h3 id={id}>{title}</h3>
        {about && <p className="soft small">{about}</p>}
      </div>
      {legend && legend.length > 1 && (
        <ul role="list" className="chart-legend small">
          {legend.map((series) => (
            <li key={series.key}>
              <svg width={16} height={16} aria-hidden="true">
                <Mark look={series.look} x={8} y={8} />
              </svg>
              {series.name}
            </li>
          ))}
        </ul>
      )}
      <div ref={ref} style={{ height }}>
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={summary}>
            {children(width)}
          </svg>
        )}
      </div>
      <details>
        <summary>
          {t.asTable}
          <span className="visually-hidden">: {title}</span>
        </summary>
        <div className="table-frame chart-table" tabIndex={0} role="group" aria-label={t.tableOf(title)}>
          <Numbers {...table} />
        </div>
      </details>
    </figure>
  );
}

function Numbers({ head, rows }: ChartTable) {
  return (
    <table className="table">
      <thead>
        <tr>
          {head.map((text, index) => (
            <th key={text} scope="col" className={index ? "number" : undefined}>
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...others], index) => (
          <tr key={`${first} ${index}`}>
            <th scope="row">{first}</th>
            {others.map((text, place) => (
              <td key={head[place + 1]} className="number">
                {text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The width of an element, 0 before it is measured. */
function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
