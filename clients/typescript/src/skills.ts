import type { Firestore } from "#firestore";

import { withTextInstants } from "./entries.js";
import { type Page, type PageOptions, buildQuery, readPage } from "./firestore.js";
import type { Skill, StoredSkill } from "./types.js";

// Of FSRS-6: after `stability` days nine tenths are recalled.
const DECAY = -0.1542;
const FACTOR = 0.9 ** (1 / DECAY) - 1;
const DAY_MS = 86_400_000;

/**
 * The expected share, 0-1, of a skill that is known at a time: what the answers have shown, discounted by
 * what will have been forgotten since the last review. docs/tutor.md has the formula.
 */
export function masteryAt(
  { p_mastery, p_known, p_half, card }: Pick<StoredSkill, "p_mastery" | "p_known" | "p_half" | "card">,
  at: Date,
): number {
  const { last_review: last, stability } = card;
  const days = Math.max(0, Math.floor((at.getTime() - Date.parse(String(last))) / DAY_MS));
  const recalled = last ? (1 + (FACTOR * days) / Number(stability)) ** DECAY : 1;
  // Of a version that had no belief.
  const known = p_known ?? p_mastery ** 2;
  const half = p_half ?? 2 * p_mastery * (1 - p_mastery);
  return (known * (1 + recalled) + half * recalled) / 2;
}

/** The skills that are due for review by this instant, or all. */
export type SkillList = PageOptions & { dueBy?: Date };

/** The user's skills over all sessions, read from Firestore under the security rules. */
export class Skills {
  constructor(
    private readonly firestore: Firestore,
    private readonly uid: string,
  ) {}

  /** A page of the user's skills, the soonest due for review first. */
  async list({ dueBy, ...options }: SkillList = {}): Promise<Page<Skill>> {
    const { firestore, uid: me } = this;
    const now = new Date();
    const listed = dueBy
      ? buildQuery(firestore, "my skills that are due", { me, now: dueBy })
      : buildQuery(firestore, "my skills, soonest due first", { me });
    return readPage(listed, options, (document) => {
      const stored = withTextInstants(document.data()) as Omit<StoredSkill, "skill_id">;
      return { ...stored, skill_id: document.id, mastery: masteryAt(stored, now) };
    });
  }
}
