import type { CreateTemplate } from "practice-client";

import type { Draft } from "../model/draft";

/** What is not saved yet, as it is kept in this browser. */
export interface Kept {
  draft: Draft;
  /** The stored template that the draft began with, and its version; null for a new one. */
  base: Draft;
  version: number | null;
  /** A creation without a reply: it is sent again, with its key, before anything else is. */
  pending: Pending | null;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Pending {
  idempotencyKey: string;
  command: CreateTemplate;
}

export function slotOf(templateId: string): string {
  return `template.${templateId}`;
}
export const NEW_SLOT = "template.new";
