/**
 * What is typed and not saved yet, as it is kept in this browser. Each tab has a draft of its own of a
 * template, so that none deletes what another has.
 */

import type { CreateTemplate } from "practice-client";

import { localNames, readLocal, writeLocal } from "@/data/local_state";

import { type Draft, completed, newId } from "../model/draft";

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

/** Each time that something is kept it gets another stamp. */
type Stamped = Kept & { stamp: string };

export interface Pending {
  idempotencyKey: string;
  command: CreateTemplate;
}

/** A kept draft in a list. */
export interface KeptDraft {
  id: string;
  name: string;
  at: number;
}

/** What drafts are of: new templates together, and each stored one. */
export const NEW = "new";

/** The place of one draft. Two tabs may have opened the same one: who finds the other's there moves away. */
export class DraftSlot {
  private stamp: string | undefined;

  /** `onMove` is told the id of the place that the draft has moved to. */
  constructor(
    private readonly uid: string,
    private readonly of: string,
    private currentId: string,
    private readonly onMove: (id: string) => void,
  ) {}

  get id(): string {
    return this.currentId;
  }

  read(): Kept | undefined {
    const kept = keptAt(this.uid, nameOf(this.of, this.currentId));
    this.stamp = kept?.stamp;
    return kept;
  }

  /** Keeps the draft, or removes what this slot has kept. What another tab has kept here stays. */
  write(kept: Kept | undefined): void {
    const found = keptAt(this.uid, nameOf(this.of, this.currentId));
    if (found && found.stamp !== this.stamp) {
      if (!kept) return;
      this.currentId = newId();
      this.onMove(this.currentId);
    }
    const stamped: Stamped | undefined = kept && { ...kept, stamp: newId() };
    this.stamp = stamped?.stamp;
    writeLocal(this.uid, nameOf(this.of, this.currentId), stamped);
  }
}

/** The drafts that are kept, the latest first. */
export function keptDrafts(uid: string, of: string): KeptDraft[] {
  const found: KeptDraft[] = [];
  for (const name of localNames(uid, nameOf(of, ""))) {
    const kept = keptAt(uid, name);
    if (kept) found.push({ id: name.slice(nameOf(of, "").length), name: kept.draft.name, at: kept.at });
  }
  return found.sort((one, other) => other.at - one.at);
}

/** Removes a kept draft; what is returned keeps it again. */
export function discardKept(uid: string, of: string, id: string): () => void {
  const name = nameOf(of, id);
  const kept = readLocal(uid, name);
  writeLocal(uid, name, undefined);
  return () => writeLocal(uid, name, kept);
}

/** The template is gone, and with it what was not saved of it. */
export function forgetDrafts(uid: string, templateId: string): void {
  for (const name of localNames(uid, nameOf(templateId, ""))) writeLocal(uid, name, undefined);
}

/**
 * The draft that this tab edits at this page, through reloads; a new one where it edits none yet.
 * A copied tab begins with the draft of the other, and moves away as soon as both are changed.
 */
export function slotOfTab(uid: string, of: string, page: string): DraftSlot {
  const key = `practice.draft.${uid}.${page}`;
  return openSlot(uid, of, page, readTab(key) ?? newId());
}

/** Opens a draft in this tab. */
export function openSlot(uid: string, of: string, page: string, id: string): DraftSlot {
  const key = `practice.draft.${uid}.${page}`;
  writeTab(key, id);
  return new DraftSlot(uid, of, id, (moved) => writeTab(key, moved));
}

function nameOf(of: string, id: string): string {
  return `template.${of}.${id}`;
}

function keptAt(uid: string, name: string): Stamped | undefined {
  // Of another version of the app it could be anything.
  const kept = readLocal(uid, name) as Partial<Stamped> | null | undefined;
  if (!Array.isArray(kept?.draft?.sections) || !Array.isArray(kept.base?.sections)) return undefined;
  return { ...(kept as Stamped), draft: completed(kept.draft), base: completed(kept.base) };
}

function readTab(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // blocked
  }
}

function writeTab(key: string, id: string): void {
  try {
    sessionStorage.setItem(key, id);
  } catch {
    // Blocked: after a reload the draft is offered, as to another tab.
  }
}
