import type { Firestore } from "#firestore";

import { withTextInstants } from "./entries.js";
import { type Page, type PageOptions, buildQuery, readPage } from "./firestore.js";
import type { Pack } from "./types.js";

/** The user's daily packs, read from Firestore under the security rules. */
export class Packs {
  constructor(
    private readonly firestore: Firestore,
    private readonly uid: string,
  ) {}

  /** A page of the user's packs, the latest first. None is made by it: see `dailyPack` of the driver. */
  async list(options: PageOptions = {}): Promise<Page<Pack>> {
    const listed = buildQuery(this.firestore, "my daily packs, the latest first", { me: this.uid });
    return readPage(
      listed,
      options,
      (document) => ({ ...withTextInstants(document.data()), pack_id: document.id }) as Pack,
    );
  }
}
