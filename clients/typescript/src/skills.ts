import type { Firestore } from "#firestore";

import { withTextInstants } from "./entries.js";
import { type Page, type PageOptions, buildQuery, readPage } from "./firestore.js";
import type { Skill } from "./types.js";

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
    const listed = dueBy
      ? buildQuery(firestore, "my skills that are due", { me, now: dueBy })
      : buildQuery(firestore, "my skills, soonest due first", { me });
    return readPage(listed, options, (document) => ({
      ...(withTextInstants(document.data()) as Omit<Skill, "skill_id">),
      skill_id: document.id,
    }));
  }
}
