import { useParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useNow } from "@/data/now";
import { useRead } from "@/data/reads";
import { isDenied } from "@/data/watch";
import { useFormat, useMessages } from "@/i18n";
import { classLive } from "@/i18n/class_live";
import { Badge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { MeterBar } from "@/ui/charts/meter";
import { Figure, Figures } from "@/ui/figures";
import { LiveState } from "@/ui/live_state";
import { EmptyState, ErrorNotice, Notice } from "@/ui/notice";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { Table } from "@/ui/table";

import "./live.css";
import { STATES, type StudentAtWork, studentsAtWork } from "./students";
import { useClassAtWork } from "./use_class_at_work";

/** Who becomes idle shows within so long. */
const STEP_MS = 20_000;

/** Who works on what at the moment, for teachers: it changes by itself. */
export default function ClassLivePage() {
  const { id = "" } = useParams();
  return <ClassLive key={id} id={id} />;
}

function ClassLive({ id }: { id: string }) {
  const t = useMessages(classLive);
  const { uid } = useBackEnd();
  // Before the full SDK is loaded: a student of the class has nothing to watch.
  const read = useRead(["class", id, "to watch"], ({ driver }) => driver.classes.read(id));
  if (read.data?.teacher_ids.includes(uid)) return <Watched id={id} />;
  return (
    <Page
      title={read.data ? t.title(read.data.name) : t.usual}
      actions={<ButtonLink to={`/classes/${id}`}>{t.toClass}</ButtonLink>}
    >
      <Read read={read} skeleton={<Skeleton height={20} />}>
        {() => <EmptyState>{t.onlyTeachers}</EmptyState>}
      </Read>
    </Page>
  );
}

function Watched({ id }: { id: string }) {
  const t = useMessages(classLive);
  const format = useFormat();
  const { seen, error, isOnline, retry, roster, assignments } = useClassAtWork(id);
  const at = useNow(STEP_MS);
  const names = new Map(roster.data?.map(({ student_id, display_name }) => [student_id, display_name]));
  const inNeed = (seen?.inNeed ?? []).flatMap((studentId) => names.get(studentId) ?? []);
  return (
    <Page
      title={seen ? t.title(seen.of.name) : t.usual}
      actions={<ButtonLink to={`/classes/${id}`}>{t.toClass}</ButtonLink>}
    >
      {!isDenied(error) && (
        <LiveState
          isWatching={seen !== null}
          isOnline={isOnline}
          error={error}
          retry={retry}
          news={inNeed.length ? t.inNeed(format.list(inNeed)) : null}
        />
      )}
      {error !== undefined && <ErrorNotice error={error} />}
      {seen?.of.archived_at && <Notice>{t.archived}</Notice>}
      {seen ? (
        <Read read={roster} skeleton={<Skeleton height={20} />}>
          {(members) => (
            <Read read={assignments} skeleton={<Skeleton height={20} />}>
              {(known) => (
                <Students
                  students={studentsAtWork(seen.work, { roster: members, assignments: known, at })}
                  at={at}
                />
              )}
            </Read>
          )}
        </Read>
      ) : (
        error === undefined && <Skeleton height={20} />
      )}
    </Page>
  );
}

interface StudentsProps {
  students: readonly StudentAtWork[];
  at: Date;
}

function Students({ students, at }: StudentsProps) {
  const t = useMessages(classLive);
  const format = useFormat();
  const countOf = (state: StudentAtWork["state"]) => students.filter((one) => one.state === state).length;
  if (students.length === 0) return <EmptyState>{t.nobody}</EmptyState>;
  return (
    <div className="stack class-live">
      <Figures>
        {STATES.map((state) => (
          <Figure key={state} name={t.states[state]}>
            {format.number(countOf(state))}
          </Figure>
        ))}
      </Figures>
      <Table
        rows={students}
        keyOf={({ studentId }) => studentId}
        columns={[
          { heading: t.student, cell: ({ name }) => name },
          { heading: t.state, cell: (student) => <State student={student} /> },
          { heading: t.assignment, cell: ({ assignment }) => assignment?.title ?? null },
          { heading: t.progress, cell: (student) => <Progress student={student} /> },
          {
            heading: t.right,
            isNumber: true,
            cell: ({ right }) => (right === null ? null : format.number(right)),
          },
          { heading: t.skill, cell: ({ skill }) => skill },
          { heading: t.seen, cell: ({ seenAt }) => <LastSeen seenAt={seenAt} at={at} /> },
        ]}
      />
      <p className="soft small">{t.about}</p>
    </div>
  );
}

function State({ student: { state, isIdle } }: { student: StudentAtWork }) {
  const t = useMessages(classLive);
  if (state === "needs_help")
    return (
      <span className="row">
        <Badge kind="warn" icon="flag">
          {t.states.needs_help}
        </Badge>
        {isIdle && <span className="soft small">{t.states.idle}</span>}
      </span>
    );
  return state === "idle" ? (
    <Badge icon="clock">{t.states.idle}</Badge>
  ) : (
    <Badge kind="assigned" icon="play">
      {t.states.working}
    </Badge>
  );
}

function Progress({ student: { answered, questions } }: { student: StudentAtWork }) {
  const t = useMessages(classLive);
  const format = useFormat();
  if (questions === null) return t.done(answered);
  return (
    <span className="class-live-progress">
      <MeterBar value={questions ? answered / questions : 0} />
      {t.doneOf(format.number(answered), format.number(questions))}
    </span>
  );
}

/** The clock of a browser may go after that of the server. */
function LastSeen({ seenAt, at }: { seenAt: string; at: Date }) {
  const format = useFormat();
  const seen = new Date(Math.min(Date.parse(seenAt), at.getTime()));
  return <time dateTime={seenAt}>{format.relative(seen, at)}</time>;
}
