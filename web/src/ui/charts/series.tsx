/** Assigned work is blue and filled with round marks, self-practice gold and hatched with diamonds. */
export type Look = "assigned" | "self";

export interface Series {
  key: string;
  name: string;
  look: Look;
}

/** A point of a series, and its sign in the legend. */
export function Mark({ look, x, y, title }: { look: Look; x: number; y: number; title?: string }) {
  return (
    <g className={`chart-${look}`}>
      {look === "assigned" ? (
        <circle className="chart-mark" cx={x} cy={y} r={5} />
      ) : (
        <path className="chart-mark" d={`M${x} ${y - 6.5}l6.5 6.5l-6.5 6.5l-6.5 -6.5z`} />
      )}
      {title && <title>{title}</title>}
    </g>
  );
}

/** Strokes over the bars of self-practice: the difference is seen without colours too. */
export function Hatching({ id }: { id: string }) {
  return (
    <pattern id={id} width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect className="chart-hatch" width={2.5} height={6} />
    </pattern>
  );
}
