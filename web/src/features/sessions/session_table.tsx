import type { Session } from "practice-client";
import type { Ref } from "react";
import { Link } from "react-router";

import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { sessions as texts } from "@/i18n/sessions";
import { OriginBadge, StatusBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { useProgressText } from "@/ui/session_progress";
import { Table } from "@/ui/table";

import { Again, Continue } from "./actions";
import { useDuration } from "./duration";

interface Props {
  sessions: Session[];
  body: Ref<HTMLTableSectionElement>;
}

export function SessionTable({ sessions, body }: Props) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const format = useFormat();
  const durationOf = useDuration();
  const progressOf = useProgressText();
  return (
    <Table
      rows={sessions}
      keyOf={({ session_id }) => session_id}
      body={body}
      columns={[
        {
          heading: words.name,
          cell: ({ session_id, name, origin }) => (
            <div className="row">
              <Link to={`/sessions/${session_id}`}>{name}</Link>
              <OriginBadge origin={origin} />
            </div>
          ),
        },
        { heading: words.date, cell: ({ started_at }) => format.dateTime(started_at) },
        { heading: t.duration, isNumber: true, cell: durationOf },
        {
          heading: t.sections,
          isNumber: true,
          // Infinite practice has none.
          cell: ({ mode, session_data }) =>
            mode === "infinite" ? null : format.number(session_data.sections?.length ?? 0),
        },
        {
          heading: t.completed,
          cell: (session) => (
            <div className="row">
              <StatusBadge status={session.status} />
              <span className="soft small">{progressOf(session)}</span>
            </div>
          ),
        },
        { heading: t.actions, cell: (session) => <Actions session={session} /> },
      ]}
    />
  );
}

function Actions({ session }: { session: Session }) {
  const t = useMessages(texts);
  const { session_id, name, status } = session;
  return (
    <div className="row">
      {status === "active" ? <Continue session={session} small /> : <Again session={session} small />}
      <ButtonLink small look="quiet" to={`/sessions/${session_id}`} aria-label={t.detailsOf(name)}>
        {t.details}
      </ButtonLink>
    </div>
  );
}
