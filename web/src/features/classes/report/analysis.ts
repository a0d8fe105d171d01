/** What the answers of a class say about each question of an assignment. */

import type { LoggedItem } from "practice-client";

export interface WrongAnswer {
  text: string;
  count: number;
}

export interface QuestionReport {
  nodeId: string;
  prompt: string | null;
  /** Students who answered it. */
  students: number;
  /** Of these the share, 0 to 1, that was right at the first try, without a hint. */
  rightShare: number;
  /** The commonest first. */
  wrong: WrongAnswer[];
  /**
   * Correlation, -1 to 1, of being right here with the share right in the other questions: whether it tells
   * those who know from those who do not. Null with too few students, or where all are alike.
   */
  discrimination: number | null;
  /** Of first tries. Null without times. */
  medianSeconds: number | null;
}

/** Fewer students say too little about a question. */
const LEAST_STUDENTS = 3;
const MOST_WRONG = 3;

/** `work` has the log of each student; `textsOf` the question and the answer in words. */
export function analyse(
  work: readonly (readonly LoggedItem[])[],
  textsOf: (item: LoggedItem) => { prompt: string | null; answer: string | null },
): QuestionReport[] {
  const firsts = work.map(firstTries);
  const ids = [...new Set(firsts.flatMap((tries) => [...tries.keys()]))];
  return ids.map((nodeId) => {
    const answered = firsts.filter((tries) => tries.has(nodeId));
    const items = answered.map((tries) => tries.get(nodeId)!);
    const pairs = answered.flatMap((tries): [number, number][] => {
      const others = [...tries.values()].filter((item) => item.node_id !== nodeId);
      return others.length ? [[Number(isRight(tries.get(nodeId)!)), mean(others.map(isRight))]] : [];
    });
    return {
      nodeId,
      prompt: items.map((item) => textsOf(item).prompt).find((prompt) => prompt !== null) ?? null,
      students: items.length,
      rightShare: mean(items.map(isRight)),
      wrong: commonest(items.filter((item) => !isRight(item)).map((item) => textsOf(item).answer)),
      discrimination: pairs.length < LEAST_STUDENTS ? null : correlation(pairs),
      medianSeconds: median(
        items.flatMap(({ duration_ms }) => (duration_ms == null ? [] : [duration_ms / 1_000])),
      ),
    };
  });
}

/** A student's first answer to each question. */
function firstTries(log: readonly LoggedItem[]): Map<string, LoggedItem> {
  const tries = new Map<string, LoggedItem>();
  for (const item of [...log].sort((one, other) => one.index - other.index))
    if (typeof item.correct === "boolean" && !tries.has(item.node_id)) tries.set(item.node_id, item);
  return tries;
}

function isRight({ correct, hinted }: LoggedItem): boolean {
  return correct === true && !hinted;
}

function mean(values: readonly (number | boolean)[]): number {
  return values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length;
}

function commonest(texts: readonly (string | null)[]): WrongAnswer[] {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => ({ text, count }))
    .sort((one, other) => other.count - one.count)
    .slice(0, MOST_WRONG);
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Pearson's; of a value that is 0 or 1 it is the point-biserial correlation. Null where one never varies. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  const [mx, my] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - mx) * (y - my);
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
  }
  const spread = Math.sqrt(xx * yy);
  return spread < 1e-9 ? null : xy / spread;
}
