import "./charts.css";

/** A bar from 0 to 1 in a cell of a table that has the number as text. */
export function MeterBar({ value }: { value: number }) {
  const share = Math.min(Math.max(value, 0), 1) * 100;
  return (
    <svg className="chart-meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="chart-meter-ground" width={100} height={8} />
      <rect className="chart-meter-value" width={share} height={8} />
    </svg>
  );
}
