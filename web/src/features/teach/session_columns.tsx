import type { Session } from "practice-client";
import type { ReactNode } from "react";

import { useFormat, useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { ButtonLink } from "@/ui/button";
import { useProgressText } from "@/ui/session_progress";
import type { Column } from "@/ui/table";

/** What tables say of a session. `sessionOf`: that of a row, null where it has none. */
export function useSessionColumns<Row>(sessionOf: (row: Row) => Session | null) {
  const t = useMessages(teach);
  const format = useFormat();
  const progressOf = useProgressText();
  const column = (heading: string, cell: (session: Session) => ReactNode, isNumber = false): Column<Row> => ({
    heading,
    isNumber,
    cell: (row) => {
      const session = sessionOf(row);
      return session && cell(session);
    },
  });
  return {
    when: column(t.when, ({ last_activity_at }) => (
      <time dateTime={last_activity_at} title={format.dateTime(last_activity_at)}>
        {format.relative(last_activity_at)}
      </time>
    )),
    progress: column(t.progress, progressOf),
    score: column(
      t.score,
      ({ score_percent }) => (score_percent === null ? null : format.percent(score_percent)),
      true,
    ),
    xp: column(t.xp, ({ xp }) => format.number(xp.total), true),
    details: column(t.details, ({ session_id, name, started_at }) => (
      <ButtonLink
        small
        icon="eye"
        to={`/sessions/${session_id}`}
        aria-label={t.detailsOf(name, format.dateTime(started_at))}
      >
        {t.details}
      </ButtonLink>
    )),
  };
}
