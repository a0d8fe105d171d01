import type { LocalRecord } from "@/data/local_record";

import { EMPTY, type Requests, type Values, isSame, requestsOf } from "./values";

/** Removes the draft whose requests these are. One that was typed on in another tab meanwhile stays. */
export function removeStored(draft: LocalRecord<Values>, stored: Requests): void {
  const typed = { ...EMPTY, ...draft.read() };
  if (isSame(requestsOf(typed, stored.start.timezone ?? ""), stored)) draft.remove();
}
