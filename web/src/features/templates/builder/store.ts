import { type OwnTemplate, PracticeProblem, type PracticeSessionDriver } from "practice-client";
import { useRef } from "react";

import { useUser } from "@/auth/session";
import { useBackEnd } from "@/data/back_end";

import type { Draft } from "../model/draft";
import { newId } from "../model/draft";
import { draftOf } from "../model/read";
import { commandOf } from "../model/write";
import type { Pending } from "./kept";

/** A template in the store. */
export interface Stored {
  templateId: string;
  version: number;
  draft: Draft;
}

export type Saved =
  | { outcome: "saved"; stored: Stored }
  /** Another version is stored. */
  | { outcome: "changed elsewhere"; stored: Stored }
  /** `stored` is what was created before the rest was refused. */
  | { outcome: "failed"; error: unknown; stored?: Stored };

interface Options {
  /** null for a template that is not stored yet. */
  templateId: string | null;
  pending: Pending | null;
  /** Keeps the creation that is under way, so that it is never done twice. */
  keep: (pending: Pending | null) => void;
}

/** Stores a draft as the next version of its template, or as a new template. One call at a time. */
export function useStore({ templateId, pending, keep }: Options) {
  const { driver } = useBackEnd();
  const { isTeacher } = useUser();
  const underWay = useRef(pending);

  const create = async (draft: Draft): Promise<OwnTemplate> => {
    underWay.current ??= { idempotencyKey: newId() + newId(), command: commandOf(draft) };
    keep(underWay.current);
    const { command, idempotencyKey } = underWay.current;
    try {
      return await driver.templates.create(command, { idempotencyKey });
    } catch (error) {
      // Refused: nothing is stored. Without a reply it may be.
      if (error instanceof PracticeProblem && isRefusal(error)) {
        underWay.current = null;
        keep(null);
      }
      throw error;
    }
  };

  const update = async (draft: Draft, id: string, version: number): Promise<Stored> => {
    const { visibility, student_ids, ...others } = commandOf(draft);
    const audience = isTeacher ? { visibility: visibility ?? "private", student_ids: student_ids ?? [] } : {};
    const template = await driver.templates.update({ template_id: id, version, ...others, ...audience });
    return { templateId: id, version: template.version, draft };
  };

  return async (draft: Draft, version: number | null): Promise<Saved> => {
    let known: Stored | undefined;
    try {
      if (templateId !== null) known = { templateId, version: version ?? 1, draft };
      else {
        const { command } = underWay.current ?? { command: commandOf(draft) };
        const { template_id, version: first } = await create(draft);
        const created = { templateId: template_id, version: first };
        if (JSON.stringify(command) === JSON.stringify(commandOf(draft)))
          return { outcome: "saved", stored: { ...created, draft } };
        known = { ...created, draft: draftOf(command).draft };
      }
      return { outcome: "saved", stored: await update(draft, known.templateId, known.version) };
    } catch (error) {
      if (templateId === null) return { outcome: "failed", error, ...(known ? { stored: known } : {}) };
      if (!(error instanceof PracticeProblem) || error.reason !== "REVISION_MISMATCH")
        return { outcome: "failed", error };
      try {
        return { outcome: "changed elsewhere", stored: await readStored(driver, templateId) };
      } catch (failure) {
        return { outcome: "failed", error: failure };
      }
    }
  };
}

function isRefusal({ reason, status }: PracticeProblem): boolean {
  return status !== undefined && status < 500 && reason !== "RATE_LIMITED" && reason !== "UNAUTHENTICATED";
}

/** An own template with its answer keys and students. */
export async function readStored(driver: PracticeSessionDriver, templateId: string): Promise<Stored> {
  const [template, source, student_ids] = await Promise.all([
    driver.templates.read(templateId),
    driver.templates.readSource(templateId),
    driver.templates.readStudents(templateId),
  ]);
  const whole = { ...template, template_data: source ?? template.template_data, student_ids };
  return { templateId, version: template.version, draft: draftOf(whole).draft };
}
