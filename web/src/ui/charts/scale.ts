/** Steps of 1, 2 or 5 times a power of ten, from 0 to the first that is not below `highest`. */
export function ticks(highest: number, wanted = 5): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  // Rounded: multiples of 0.2 are not exact.
  return Array.from({ length: Math.ceil(highest / step - 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

/** Every n-th of `count` labels, so that at most `room` of them are shown; the last is one of them. */
export function isLabelled(index: number, count: number, room: number): boolean {
  const every = Math.max(1, Math.ceil(count / Math.max(1, room)));
  return (count - 1 - index) % every === 0;
}
