import type { ReactNode } from "react";

import { ErrorNotice } from "./notice";
import { Skeleton } from "./page";

interface Reading<Result> {
  data: Result | undefined;
  error: Error | undefined;
  isValidating: boolean;
  mutate: () => unknown;
}

interface Props<Result> {
  /** What useRead returned. */
  read: Reading<Result>;
  /** Shown until the first result. */
  skeleton?: ReactNode;
  children: (result: Result) => ReactNode;
}

/** The result of a read; a skeleton before it; an error with a button that tries again. */
export function Read<Result>({ read, skeleton = <Skeleton height={6} />, children }: Props<Result>) {
  const { data, error, isValidating, mutate } = read;
  const failed = error && <ErrorNotice error={error} retry={() => void mutate()} isRetrying={isValidating} />;
  if (data === undefined) return failed ?? skeleton;
  // What was read before stays on the screen beside the error.
  return (
    <>
      {failed}
      {children(data)}
    </>
  );
}
