const WHOLE = 14;

/** The beginning and the end of a long identifier. */
export function shortened(uid: string): string {
  return uid.length <= WHOLE ? uid : `${uid.slice(0, 7)}…${uid.slice(-4)}`;
}
