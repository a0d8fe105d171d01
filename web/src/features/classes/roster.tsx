import type { Member, SchoolClass } from "practice-client";
import { useRef, useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { Button } from "@/ui/button";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { type Column, Table } from "@/ui/table";
import { useToast } from "@/ui/toasts";

const PAGE = 100;

/** The students of a class by name. A teacher removes them. */
export function Roster({ of }: { of: SchoolClass }) {
  const t = useMessages(classes);
  const format = useFormat();
  const { uid } = useBackEnd();
  const [removing, setRemoving] = useState<Member | null>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const pages = usePages<Member>(["students of a class", of.class_id], {
    idOf: ({ student_id }) => student_id,
    read: ({ driver }, after) => driver.classes.listStudents(of.class_id, { limit: PAGE, after }),
  });
  const name: Column<Member> = { heading: t.student, cell: ({ display_name }) => display_name };
  const ofTeacher: Column<Member>[] = [
    { heading: t.joinedOn, cell: ({ joined_at }) => format.date(joined_at) },
    {
      heading: t.remove,
      cell: (member) => (
        <Button
          look="quiet"
          small
          icon="cross"
          aria-label={t.removeOne(member.display_name)}
          onClick={() => setRemoving(member)}
        />
      ),
    },
  ];
  const isTeacher = of.teacher_ids.includes(uid);
  return (
    <Section
      title={t.roster}
      actions={
        <Button
          look="quiet"
          small
          icon="refresh"
          isBusy={pages.first.isValidating}
          onClick={() => void pages.first.mutate()}
        >
          {t.refresh}
        </Button>
      }
    >
      <Read read={pages.first} skeleton={<Skeleton height={10} />}>
        {() =>
          pages.entries.length === 0 ? (
            <EmptyState>{t.rosterEmpty}</EmptyState>
          ) : (
            <Table
              rows={pages.entries}
              keyOf={({ student_id }) => student_id}
              columns={isTeacher ? [name, ...ofTeacher] : [name]}
              body={body}
            />
          )
        }
      </Read>
      <More pages={pages} list={body} />
      {removing && (
        <RemoveDialog
          member={removing}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            pages.remove(removing.student_id);
            setRemoving(null);
          }}
        />
      )}
    </Section>
  );
}

interface RemoveProps {
  member: Member;
  onClose: () => void;
  onRemoved: () => void;
}

function RemoveDialog({ member, onClose, onRemoved }: RemoveProps) {
  const t = useMessages(classes);
  const { cancel } = useMessages(common);
  const { driver } = useBackEnd();
  const toast = useToast();
  const { class_id, student_id, display_name } = member;
  const action = useAction(async () => {
    await driver.classes.removeMember({ class_id, student_id });
    toast(t.removed(display_name));
    onRemoved();
  });
  return (
    <ActionDialog
      title={t.removeTitle(display_name)}
      action={action}
      button={{ look: "danger", text: t.remove }}
      cancel={cancel}
      onClose={onClose}
    >
      <p>{t.removeText}</p>
    </ActionDialog>
  );
}
