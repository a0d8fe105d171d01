import { localNames, readLocal } from "./local_state";

/** What is done or typed and not stored yet, by the part of the app that keeps it. */
export type Unsent = "session" | "practice" | "log" | "template";

const PARTS: readonly Unsent[] = ["session", "practice", "log", "template"];
/** The times of a session: they are sent with what they are about. */
const IS_TIMER = /^session\.[^.]+\.time$/;

/** The parts of the app with work of this user that only this browser has. Timers and empty forms are none. */
export function unsentWork(uid: string): Unsent[] {
  const names = localNames(uid, "").filter((name) => !IS_TIMER.test(name) && isWork(readLocal(uid, name)));
  return PARTS.filter((part) => names.some((name) => name.startsWith(`${part}.`)));
}

/** A draft with details about it, such as the question that it answers, is work where the draft is. */
function isWork(value: unknown): boolean {
  const isDraft = typeof value === "object" && value !== null && "draft" in value;
  return !isBlank(isDraft ? value.draft : value);
}

/** Whether nothing is entered: neither a text nor a number, nor anything else at any depth. */
function isBlank(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  if (typeof value !== "object") return value === undefined;
  return value === null || Object.values(value).every(isBlank);
}
