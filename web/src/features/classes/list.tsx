import type { Member, SchoolClass } from "practice-client";
import { type SubmitEvent, useState } from "react";
import { Link, useNavigate } from "react-router";

import { usePages } from "@/data/pages";
import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { Checkbox, TextField } from "@/ui/field";
import { later } from "@/ui/later";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Card, Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { typed } from "./code";

const CreateDialog = later(() => import("./create_dialog"));

/** The classes that the user teaches, and those that the user is in. */
export default function ClassesPage() {
  const t = useMessages(classes);
  const [isCreating, setCreating] = useState(false);
  return (
    <Page
      title={t.title}
      inOrder
      actions={
        <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
          {t.create}
        </Button>
      }
    >
      <Attended />
      <Taught />
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Attended() {
  const t = useMessages(classes);
  const pages = usePages<Attendance>(["classes that I am in"], {
    idOf: ({ member }) => member.class_id,
    read: async ({ driver }, after) => {
      const { entries, next } = await driver.classes.listMemberships({ after });
      const read = entries.map(async (member) => ({
        member,
        of: await driver.classes.read(member.class_id),
      }));
      return { entries: await Promise.all(read), next };
    },
  });
  return (
    <Section title={t.attended}>
      <JoinForm />
      <Read read={pages.first} skeleton={<Skeleton height={5} />}>
        {() => (
          <>
            {pages.entries.length === 0 && <EmptyState>{t.notIn}</EmptyState>}
            <ClassCards label={t.attended} entries={pages.entries.map(({ of }) => of)} />
            <More pages={pages} />
          </>
        )}
      </Read>
    </Section>
  );
}

interface Attendance {
  member: Member;
  of: SchoolClass;
}

function JoinForm() {
  const t = useMessages(classes);
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const code = typed(text);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (code) void navigate(`/join/${encodeURIComponent(code)}`);
  };
  return (
    <form className="card" onSubmit={submit}>
      <TextField
        label={t.join}
        hint={t.codeHint}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="row">
        <Button type="submit" icon="right">
          {t.toJoin}
        </Button>
      </div>
    </form>
  );
}

function Taught() {
  const t = useMessages(classes);
  const [archived, setArchived] = useState(false);
  const pages = usePages<SchoolClass>(["classes that I teach", String(archived)], {
    idOf: ({ class_id }) => class_id,
    read: ({ driver }, after) => driver.classes.listTaught({ archived, after }),
  });
  return (
    <Section title={t.taught}>
      <Read read={pages.first} skeleton={<Skeleton height={5} />}>
        {() => (
          <>
            {pages.entries.length === 0 && <EmptyState>{t.none}</EmptyState>}
            <ClassCards label={t.taught} entries={pages.entries} />
            <More pages={pages} />
          </>
        )}
      </Read>
      <Checkbox
        label={t.showArchived}
        checked={archived}
        onChange={({ target }) => setArchived(target.checked)}
      />
    </Section>
  );
}

function ClassCards({ label, entries }: { label: string; entries: SchoolClass[] }) {
  const t = useMessages(classes);
  if (entries.length === 0) return null;
  return (
    <ul role="list" className="columns" aria-label={label}>
      {entries.map(({ class_id, name, subject, archived_at }) => (
        <Card key={class_id} as="li">
          <h3>
            <Link to={`/classes/${class_id}`}>{name}</Link>
          </h3>
          {subject && <p className="soft">{subject}</p>}
          {archived_at && <Badge>{t.archived}</Badge>}
        </Card>
      ))}
    </ul>
  );
}
