/** Loaded where a page watches, with the full SDK of Firestore. */

import type { FirestoreError } from "firebase/firestore";
import { type Session, type Unsubscribe, watchSessionsOfStudents } from "practice-client/live";

import type { BackEnd } from "@/data/back_end";
import { liveFirestoreOf } from "@/data/live_firestore";

export function watchTemplate(
  backEnd: BackEnd,
  filter: { template_id: string; limit: number },
  onChange: (sessions: Session[]) => void,
  onError: (error: FirestoreError) => void,
): Unsubscribe {
  return watchSessionsOfStudents(liveFirestoreOf(backEnd), backEnd.uid, filter, onChange, onError);
}
