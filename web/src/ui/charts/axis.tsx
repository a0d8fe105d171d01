interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The place for axes around the picture, in pixels. */
export function areaOf(width: number, height: number): Area {
  return { left: 44, right: Math.max(width - 8, 60), top: 10, bottom: height - 26 };
}

interface Props {
  area: Area;
  values: number[];
  yOf: (value: number) => number;
  textOf: (value: number) => string;
}

/** Lines at these values, with their texts on the left. */
export function ValueAxis({ area, values, yOf, textOf }: Props) {
  return values.map((value) => (
    <g key={value}>
      <line className="chart-line" x1={area.left} x2={area.right} y1={yOf(value)} y2={yOf(value)} />
      <text className="chart-text" x={area.left - 6} y={yOf(value) + 4} textAnchor="end">
        {textOf(value)}
      </text>
    </g>
  ));
}
