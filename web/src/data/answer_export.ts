import { useState } from "react";

import { type Value, download, toCsv } from "./csv";
import { useReading } from "./reading";

export interface Progressed {
  done: number;
  all: number;
}

/** The head of the file and its other rows. After each request the signal says whether to go on. */
export type ReadRows = (
  signal: AbortSignal,
  onProgress: (progress: Progressed) => void,
) => Promise<{ head: Value[]; rows: Value[][] }>;

export interface FileReading {
  /** Null while it is not known how much there is. */
  progress: Progressed | null;
  /** The rows of the file, once it is saved; of an empty one none is saved. */
  count: number | null;
  run: () => void;
  isBusy: boolean;
  error: unknown;
}

/** Saves a file whose reading may take long. Leaving the page or closing the dialog cancels it. */
export function useFileReading(name: string, read: ReadRows): FileReading {
  const [progress, setProgress] = useState<Progressed | null>(null);
  const [count, setCount] = useState<number | null>(null);
  const { run, isBusy, error } = useReading(async (signal) => {
    setProgress(null);
    const { head, rows } = await read(signal, setProgress);
    signal.throwIfAborted();
    const today = new Date().toLocaleDateString("sv-SE");
    if (rows.length) download(`${name}-${today}.csv`, toCsv([head, ...rows]));
    setCount(rows.length);
  });
  return { progress, count, run, isBusy, error };
}
