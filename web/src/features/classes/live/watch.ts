/** Loaded where a page watches, with the full SDK of Firestore. */

import type { FirestoreError } from "firebase/firestore";
import { type Live, type SchoolClass, type Unsubscribe, watchClass, watchWork } from "practice-client/live";

import type { BackEnd } from "@/data/back_end";
import { liveFirestoreOf } from "@/data/live_firestore";

export interface ClassAtWork {
  of: SchoolClass;
  work: Live[];
}

/**
 * A class and the work of its students. The class is watched too: with it a co-teacher who is taken off the class
 * loses both at once.
 */
export function watchClassAtWork(
  backEnd: BackEnd,
  { class_id, since }: { class_id: string; since: Date },
  onChange: (atWork: ClassAtWork) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  const firestore = liveFirestoreOf(backEnd);
  let of: SchoolClass | undefined;
  let work: Live[] | undefined;
  const stops: Unsubscribe[] = [];
  const stop = () => stops.forEach((end) => end());
  const fail = (error: FirestoreError) => {
    stop();
    onError(error);
  };
  const tell = () => {
    if (of && work) onChange({ of, work });
  };
  const ofClass = (now: SchoolClass) => {
    of = now;
    tell();
  };
  const ofWork = (now: Live[]) => {
    work = now;
    tell();
  };
  stops.push(
    watchClass(firestore, class_id, ofClass, fail),
    watchWork(firestore, { class_id, since }, ofWork, fail),
  );
  return stop;
}
