import { type MyAssignment, pointsOf } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { assignments } from "@/i18n/assignments";

import { ButtonLink } from "./button";
import { assignmentPath, isDone, openingOf, statusOf } from "./my_assignment";
import { Card } from "./page";
import { WorkBadge } from "./work_badge";

interface Props {
  all: readonly MyAssignment[];
  /** The student's. */
  uid: string;
  now: Date;
  /** They are of more than one class. */
  namesClass?: boolean;
}

/** What is to be done, soonest due first, then what is done or closed. */
export function MyAssignments({ all, ...shown }: Props) {
  const t = useMessages(assignments);
  const { uid, now } = shown;
  const isOver = (one: MyAssignment) => isDone(statusOf(one, uid, now)) || openingOf(one, now) === "closed";
  const left = all.filter((one) => !isOver(one)).sort(bySoonest);
  const over = all.filter(isOver);
  const list = (entries: readonly MyAssignment[]) => (
    <ul role="list" className="cards">
      {entries.map((one) => (
        <Entry key={one.assignment.assignment_id} one={one} {...shown} />
      ))}
    </ul>
  );
  return (
    <>
      {left.length === 0 ? <p className="soft">{t.none}</p> : list(left)}
      {over.length > 0 && (
        <details className="stack">
          <summary>{t.done(over.length)}</summary>
          {list(over)}
        </details>
      )}
    </>
  );
}

function bySoonest({ assignment: one }: MyAssignment, { assignment: other }: MyAssignment): number {
  const due = (at: string | null) => (at === null ? Infinity : Date.parse(at));
  // Two without a due date are equal, and Infinity - Infinity is no number.
  return due(one.due_at) - due(other.due_at) || 0;
}

function Entry({ one, uid, now, namesClass }: { one: MyAssignment } & Omit<Props, "all">) {
  const t = useMessages(assignments);
  const format = useFormat();
  const { of, assignment, cell } = one;
  const status = statusOf(one, uid, now);
  const opening = openingOf(one, now);
  const canWork = opening === "open" && !isDone(status);
  const isBegun = cell?.status === "in_progress";
  const points = pointsOf(cell, assignment);
  const most = assignment.points === null ? null : format.number(assignment.points);
  const about = [
    namesClass ? of.name : null,
    most && (points === null ? t.points(most) : t.pointsOf(format.number(points), most)),
  ].filter(Boolean);
  return (
    <Card as="li">
      <h3>{assignment.title}</h3>
      {about.length > 0 && <p className="soft small">{about.join(" · ")}</p>}
      <Dates one={one} now={now} />
      <div className="row between">
        <WorkBadge status={status} />
        {canWork ? (
          <ButtonLink
            look="primary"
            icon="play"
            to={assignmentPath(assignment)}
            aria-label={isBegun ? t.continueOf(assignment.title) : t.beginOf(assignment.title)}
          >
            {isBegun ? t.continue : t.begin}
          </ButtonLink>
        ) : (
          <ButtonLink
            small
            look="quiet"
            to={assignmentPath(assignment)}
            aria-label={t.openOf(assignment.title)}
          >
            {t.open}
          </ButtonLink>
        )}
      </div>
    </Card>
  );
}

/** When it opens, is due and closes, in the time zone of the class: what matters now. */
export function Dates({ one: { of, assignment }, now }: { one: MyAssignment; now: Date }) {
  const t = useMessages(assignments);
  const format = useFormat();
  const { opens_at, due_at, closes_at } = assignment;
  const shown = (at: string) => `${format.dateTimeIn(of.timezone, at)} (${format.relative(at, now)})`;
  const isAfter = (at: string) => Date.parse(at) <= now.getTime();
  const lines = [
    opens_at !== null && !isAfter(opens_at) && t.opens(shown(opens_at)),
    due_at === null ? t.noDueDate : isAfter(due_at) ? t.wasDue(shown(due_at)) : t.due(shown(due_at)),
    closes_at !== null && (isAfter(closes_at) ? t.closed(shown(closes_at)) : t.closes(shown(closes_at))),
  ].filter(Boolean);
  return (
    <div className="small">
      {lines.map((line) => (
        <p key={String(line)}>{line}</p>
      ))}
    </div>
  );
}
