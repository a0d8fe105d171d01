import { bounds } from "practice-client/bounds";

import { useUser } from "@/auth/session";
import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Checkbox, FieldError, Select } from "@/ui/field";
import { Card } from "@/ui/page";

import type { Draft, Visibility } from "../model/draft";
import { studentsOf } from "../model/write";
import { useActions, useIsOpen, useProblem } from "./contexts";
import { Text, type TextProps } from "./fields";
import { Disclosure } from "./disclosure";

const of = bounds.CreateTemplate;
export const MORE_DETAILS = "details";

/** The fields beside the sections. */
export function Details({ draft }: { draft: Draft }) {
  const t = useMessages(templateBuilder);
  const isOpen = useIsOpen(MORE_DETAILS);
  return (
    <Card as="section">
      <DraftText draft={draft} at="name" label={t.name} isRequired />
      <DraftText draft={draft} at="description" label={t.description} area />
      <Disclosure id={MORE_DETAILS} title={t.moreDetails} level={2} about={aboutOf(draft)} />
      {isOpen && (
        <div className="stack">
          <div className="columns">
            <DraftText draft={draft} at="subject" label={t.subject} />
            <DraftText draft={draft} at="topic" label={t.topic} />
            <DraftText draft={draft} at="grade_level" label={t.gradeLevel} />
            <DraftText draft={draft} at="root_id" label={t.goal} hint={t.goalHint} />
          </div>
          <DraftText draft={draft} at="tags" label={t.tags} hint={t.tagsHint} area rows={1} />
          <DecimalMark draft={draft} />
          <Mastery draft={draft} />
          <Audience draft={draft} />
        </div>
      )}
    </Card>
  );
}

/** The texts of a template by their names in a request. */
const TEXTS = {
  name: { field: "name", most: of.name.maxLength },
  description: { field: "description", most: of.description.maxLength },
  subject: { field: "subject", most: of.subject.maxLength },
  topic: { field: "topic", most: of.topic.maxLength },
  grade_level: { field: "gradeLevel", most: of.grade_level.maxLength },
  root_id: { field: "rootId" },
  tags: { field: "tags" },
} as const satisfies Record<string, { field: keyof Draft; most?: number }>;

interface DraftTextProps extends Pick<TextProps, "label" | "hint" | "area" | "rows" | "isRequired"> {
  draft: Draft;
  at: keyof typeof TEXTS;
}

function DraftText({ draft, at, ...rest }: DraftTextProps) {
  const { edit } = useActions();
  const { field, ...bounded } = TEXTS[at];
  return (
    <Text
      at={at}
      value={draft[field]}
      onEdit={(value) => edit(at, (before) => ({ ...before, [field]: value }))}
      {...bounded}
      {...rest}
    />
  );
}

function aboutOf({ subject, topic, gradeLevel }: Draft): string {
  return [subject, topic, gradeLevel].filter(Boolean).join(" · ");
}

function DecimalMark({ draft: { decimalMark } }: { draft: Draft }) {
  const t = useMessages(templateBuilder);
  const { change } = useActions();
  return (
    <Select
      label={t.decimalMark}
      hint={t.decimalMarkHint}
      value={decimalMark}
      error={useProblem("decimal_mark")}
      data-place="decimal_mark"
      onChange={({ target }) => change((draft) => ({ ...draft, decimalMark: target.value }))}
    >
      {(["", ".", ","] as const).map((mark) => (
        <option key={mark} value={mark}>
          {t.decimalMarks[mark]}
        </option>
      ))}
    </Select>
  );
}

function Mastery({ draft: { mastery } }: { draft: Draft }) {
  const t = useMessages(templateBuilder);
  const { change, edit } = useActions();
  const error = useProblem("mastery_criterion");
  const set = (field: "m" | "n") => (value: string) =>
    edit(`mastery_criterion.${field}`, (draft) =>
      draft.mastery ? { ...draft, mastery: { ...draft.mastery, [field]: value } } : draft,
    );
  return (
    <fieldset className="stack tight">
      <legend className="label">{t.mastery}</legend>
      <Checkbox
        label={t.ownMastery}
        checked={mastery !== null}
        data-place="mastery_criterion"
        onChange={({ target }) =>
          change((draft) => ({ ...draft, mastery: target.checked ? { m: "3", n: "5" } : null }))
        }
      />
      {mastery && (
        <div className="row mastery">
          <Text
            at="mastery_criterion.m"
            label={t.masteryRight}
            value={mastery.m}
            onEdit={set("m")}
            inputMode="numeric"
          />
          <Text
            at="mastery_criterion.n"
            label={t.masteryOf}
            value={mastery.n}
            onEdit={set("n")}
            inputMode="numeric"
          />
        </div>
      )}
      <FieldError error={error} />
    </fieldset>
  );
}

/** Only a teacher may share a template. */
function Audience({ draft }: { draft: Draft }) {
  const t = useMessages(templateBuilder);
  const { isTeacher } = useUser();
  const { change, edit } = useActions();
  const error = useProblem("visibility");
  if (!isTeacher) return <p className="soft small">{t.onlyYou}</p>;
  const count = studentsOf(draft).length;
  return (
    <div className="stack">
      <Select
        label={t.visibility}
        value={draft.visibility}
        error={error}
        data-place="visibility"
        onChange={({ target }) => change((before) => ({ ...before, visibility: target.value as Visibility }))}
      >
        <option value="private">{t.private}</option>
        <option value="assigned">{t.assigned}</option>
        <option value="public">{t.public}</option>
      </Select>
      <Text
        at="student_ids"
        label={t.students}
        hint={count ? `${t.studentsHint} ${t.studentCount(count)}` : t.studentsHint}
        value={draft.students}
        onEdit={(students) =>
          edit("student_ids", (before) => ({
            ...before,
            students,
            // Students are given so that they see it.
            visibility: before.visibility === "private" && students.trim() ? "assigned" : before.visibility,
          }))
        }
        area
      />
    </div>
  );
}
