import { type Ref, useRef } from "react";

import { useSearch } from "@/data/search";
import { useFormat, useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { Badge, StatusBadge } from "@/ui/badge";
import { Select } from "@/ui/field";
import { Figure, Figures } from "@/ui/figures";
import { StudentLink } from "@/ui/identifier";
import { More } from "@/ui/more";
import { EmptyState } from "@/ui/notice";
import { Table } from "@/ui/table";

import { grouped } from "./grouped";
import { type Row, STATES, type State } from "./roster";
import { useSessionColumns } from "./session_columns";

import "./teach.css";

/** Rows shown at first, and that one press adds. */
const ROWS = 50;

/** How many students are in each state, and a row for each of them. */
export function Roster({ rows }: { rows: Row[] }) {
  const t = useMessages(teach);
  const format = useFormat();
  const { search, show } = useSearch();
  const body = useRef<HTMLTableSectionElement>(null);
  if (rows.length === 0) return <EmptyState>{t.noStudents}</EmptyState>;
  const wished = STATES.find((state) => state === search.get("state"));
  const chosen = wished ? rows.filter(({ state }) => state === wished) : rows;
  const most = Math.max(Number(search.get("rows")) || ROWS, ROWS);
  const counts = grouped(rows, ({ state }) => state);
  const countOf = (state: State) => counts.get(state)?.length ?? 0;
  const figures = STATES.filter((state) => countOf(state) > 0 || state === "began" || state === "finished");
  return (
    <>
      <Figures>
        {figures.map((state) => (
          <Figure key={state} name={t.states[state]}>
            {t.countOf(format.number(countOf(state)), format.number(rows.length))}
          </Figure>
        ))}
      </Figures>
      <div className="teach-filter">
        <Select
          label={t.state}
          value={wished ?? ""}
          onChange={({ target }) => show({ state: target.value || null })}
        >
          <option value="">{t.all}</option>
          {STATES.filter((state) => countOf(state) > 0 || state === wished).map((state) => (
            <option key={state} value={state}>
              {t.states[state]}
            </option>
          ))}
        </Select>
      </div>
      {chosen.length === 0 ? (
        <EmptyState>{t.noneOfState}</EmptyState>
      ) : (
        <RosterTable rows={chosen.slice(0, most)} body={body} />
      )}
      <More
        pages={{ hasMore: chosen.length > most, readMore: () => show({ rows: String(most + ROWS) }) }}
        list={body}
      />
    </>
  );
}

function RosterTable({ rows, body }: { rows: Row[]; body: Ref<HTMLTableSectionElement> }) {
  const t = useMessages(teach);
  const { when, progress, score, xp, details } = useSessionColumns(({ session }: Row) => session);
  return (
    <Table
      rows={rows}
      keyOf={({ uid }) => uid}
      body={body}
      columns={[
        {
          heading: t.student,
          cell: ({ uid, isAssigned }) => (
            <>
              <StudentLink uid={uid} />
              {!isAssigned && <span className="soft small"> {t.noLonger}</span>}
            </>
          ),
        },
        {
          heading: t.state,
          cell: ({ state, isAgainAtWork }) => (
            <span className="row">
              <StateBadge state={state} />
              {isAgainAtWork && <span className="soft small">{t.againAtWork}</span>}
            </span>
          ),
        },
        when,
        progress,
        score,
        xp,
        details,
      ]}
    />
  );
}

function StateBadge({ state }: { state: State }) {
  const t = useMessages(teach);
  if (state === "finished") return <StatusBadge status="completed" />;
  if (state === "stopped") return <StatusBadge status="abandoned" />;
  if (state === "began")
    return (
      <Badge kind="assigned" icon="play">
        {t.states.began}
      </Badge>
    );
  return (
    <Badge kind="warn" icon="clock">
      {t.states[state]}
    </Badge>
  );
}
