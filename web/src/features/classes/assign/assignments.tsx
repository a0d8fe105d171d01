import type { Assignment, SchoolClass } from "practice-client";
import { useState } from "react";
import { Link } from "react-router";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";
import { Badge } from "@/ui/badge";
import { Button, ButtonLink } from "@/ui/button";
import { later } from "@/ui/later";
import { Menu } from "@/ui/menu";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Table } from "@/ui/table";
import { useToast } from "@/ui/toasts";

import { type AssignmentState, stateOf } from "./state";

const AssignDialog = later(() => import("./assign_dialog"));
const EditDialog = later(() => import("./edit_dialog"));
const WithdrawDialog = later(() => import("./withdraw_dialog"));

type Open = { kind: "assign" } | { kind: "edit" | "withdraw"; assignment: Assignment };

/** What a class is assigned, for its teachers. */
export function Assignments({ of }: { of: SchoolClass }) {
  const t = useMessages(assign);
  const toast = useToast();
  const { driver } = useBackEnd();
  const [open, setOpen] = useState<Open | null>(null);
  const read = useRead(["assignments", of.class_id], () => driver.assignments.list(of.class_id));
  const close = () => setOpen(null);
  const changed = (text: string) => {
    close();
    toast(text);
    void read.mutate();
  };
  const restore = useAction(async ({ class_id, assignment_id, version, title }: Assignment) => {
    await driver.assignments.update({ class_id, assignment_id, version, archived: false });
    changed(t.restored(title));
  });
  const isArchived = of.archived_at !== null;
  return (
    <Section
      title={t.title}
      actions={
        <div className="row">
          <ButtonLink icon="bolt" to={`/classes/${of.class_id}/live`}>
            {t.live}
          </ButtonLink>
          <ButtonLink icon="gradebook" to={`/classes/${of.class_id}/gradebook`}>
            {t.gradebook}
          </ButtonLink>
          {!isArchived && (
            <Button look="primary" icon="plus" onClick={() => setOpen({ kind: "assign" })}>
              {t.assign}
            </Button>
          )}
        </div>
      }
    >
      {restore.error !== undefined && (
        <ErrorNotice error={restore.error} retry={restore.retry} isRetrying={restore.isBusy} />
      )}
      <Read read={read} skeleton={<Skeleton height={8} />}>
        {(listed) =>
          listed.length === 0 ? (
            <EmptyState>{t.none}</EmptyState>
          ) : (
            <List
              of={of}
              listed={listed}
              canChange={!isArchived}
              onOpen={setOpen}
              onRestore={(assignment) => restore.run(assignment)}
            />
          )
        }
      </Read>
      {open?.kind === "assign" && <AssignDialog of={of} onClose={close} onDone={changed} />}
      {open?.kind === "edit" && (
        <EditDialog of={of} assignment={open.assignment} onClose={close} onDone={changed} />
      )}
      {open?.kind === "withdraw" && (
        <WithdrawDialog assignment={open.assignment} onClose={close} onDone={changed} />
      )}
    </Section>
  );
}

interface ListProps {
  of: SchoolClass;
  listed: readonly Assignment[];
  canChange: boolean;
  onOpen: (open: Open) => void;
  onRestore: (assignment: Assignment) => void;
}

function List({ of, listed, canChange, onOpen, onRestore }: ListProps) {
  const t = useMessages(assign);
  const format = useFormat();
  const [now] = useState(() => new Date());
  const entriesOf = (assignment: Assignment) => [
    { text: t.edit, icon: "log" as const, onSelect: () => onOpen({ kind: "edit", assignment }) },
    assignment.archived_at === null
      ? { text: t.withdraw, icon: "trash" as const, onSelect: () => onOpen({ kind: "withdraw", assignment }) }
      : { text: t.restore, icon: "undo" as const, onSelect: () => onRestore(assignment) },
  ];
  const actions = {
    heading: t.actions,
    cell: (assignment: Assignment) => (
      <Menu
        button={{ icon: "menu", look: "quiet", small: true, "aria-label": t.more(assignment.title) }}
        entries={entriesOf(assignment)}
      />
    ),
  };
  return (
    <Table
      rows={listed}
      keyOf={({ assignment_id }) => assignment_id}
      columns={[
        {
          heading: t.assignment,
          cell: ({ assignment_id, title, student_ids }) => (
            <span className="row">
              <Link to={`/classes/${of.class_id}/assignments/${assignment_id}`}>{title}</Link>
              {student_ids && (
                <span className="soft small">{t.forSome(format.number(student_ids.length))}</span>
              )}
            </span>
          ),
        },
        {
          heading: t.due,
          cell: ({ due_at }) => (due_at === null ? null : format.dateTimeIn(of.timezone, due_at)),
        },
        {
          heading: t.points,
          isNumber: true,
          cell: ({ points }) => (points === null ? null : format.number(points)),
        },
        { heading: t.state, cell: (assignment) => <StateBadge state={stateOf(assignment, now)} /> },
        ...(canChange ? [actions] : []),
      ]}
    />
  );
}

const LOOKS = {
  planned: { icon: "clock" },
  open: { kind: "good", icon: "play" },
  due: { kind: "warn", icon: "clock" },
  closed: { icon: "check" },
  withdrawn: { icon: "cross" },
} as const;

export function StateBadge({ state }: { state: AssignmentState }) {
  const t = useMessages(assign);
  return <Badge {...LOOKS[state]}>{t.states[state]}</Badge>;
}
