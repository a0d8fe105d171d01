import {
  AssignedPractice,
  type Assignment,
  type MyAssignment,
  type StoredSession,
  gradeOf,
  pointsOf,
} from "practice-client";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useAction } from "@/data/action";
import { timeZone, useBackEnd } from "@/data/back_end";
import { useMyAssignment } from "@/data/my_assignments";
import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { assignments } from "@/i18n/assignments";
import { handingIn } from "@/i18n/handing_in";
import { Button, ButtonLink } from "@/ui/button";
import { isDone, openingOf, statusOf } from "@/ui/my_assignment";
import { Dates } from "@/ui/my_assignments";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Card, Page, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { WorkBadge } from "@/ui/work_badge";

import { NotesLeft } from "./notes";
import { Practice } from "./practice";
import { Figures } from "./summary";
import "./practice.css";

/** A student's work on an assignment: before it begins, while it goes on, and its result. */
export default function AssignmentPage() {
  const { classId = "", assignmentId = "" } = useParams();
  return <OneAssignment key={`${classId}/${assignmentId}`} classId={classId} assignmentId={assignmentId} />;
}

function OneAssignment({ classId, assignmentId }: { classId: string; assignmentId: string }) {
  const t = useMessages(handingIn);
  const read = useMyAssignment(classId, assignmentId);
  const [isAtWork, setAtWork] = useState(false);
  const one = read.data;
  if (one && isAtWork)
    return (
      <AtWork assignment={one.assignment} onDone={() => void read.mutate().then(() => setAtWork(false))} />
    );
  return (
    <Page title={one?.assignment.title ?? t.title} narrow>
      <Read read={read} skeleton={<Skeleton height={9} count={2} />}>
        {(found) => <Standing one={found} onWork={() => setAtWork(true)} />}
      </Read>
    </Page>
  );
}

function AtWork({ assignment, onDone }: { assignment: Assignment; onDone: () => void }) {
  const t = useMessages(handingIn);
  const { class_id, assignment_id, title, questions } = assignment;
  const text = ({ progress }: StoredSession) =>
    t.handInText(
      questions
        ? t.answeredOf(progress.questions_answered, questions)
        : t.answered(progress.questions_answered),
    );
  return (
    <Practice
      slot={`${class_id}.${assignment_id}`}
      title={title}
      create={(driver) => new AssignedPractice(driver, { class_id, assignment_id, timezone: timeZone() })}
      ending={{
        button: t.handIn,
        title: t.handInTitle,
        text,
        goOn: t.goOn,
        allAsked: t.allAsked,
      }}
      onDone={onDone}
    />
  );
}

/** What is asked for, and how it stands. */
function Standing({ one, onWork }: { one: MyAssignment; onWork: () => void }) {
  const t = useMessages(handingIn);
  const words = useMessages(assignments);
  const { uid } = useBackEnd();
  const format = useFormat();
  const [now] = useState(() => new Date());
  const { of, assignment, cell } = one;
  const status = statusOf(one, uid, now);
  const isHandedIn = cell?.status === "submitted";
  const canWork = openingOf(one, now) === "open" && !isHandedIn;
  const count = assignment.mode === "questions" ? assignment.questions : assignment.skills;
  return (
    <>
      <div className="row">
        <span className="soft">{of.name}</span>
        <WorkBadge status={status} />
        {assignment.points !== null && !isHandedIn && (
          <span className="soft">{words.points(format.number(assignment.points))}</span>
        )}
      </div>
      <Dates one={one} now={now} />
      {assignment.archived_at !== null && <Notice>{t.withdrawn}</Notice>}
      {of.archived_at !== null && <Notice>{t.archived}</Notice>}
      {status === "exempt" && <Notice>{t.exempt}</Notice>}
      {canWork && status === "missing" && <Notice kind="warn">{t.lateCounts}</Notice>}
      {isHandedIn ? (
        <Result one={one} />
      ) : (
        <Card as="section">
          <p>{t.modes[assignment.mode](count)}</p>
          {canWork && (
            <>
              <p>{t.once}</p>
              <Begin one={one} isOptional={isDone(status)} onWork={onWork} />
            </>
          )}
        </Card>
      )}
      {!canWork && (
        <div className="row">
          <ButtonLink to="/">{t.toToday}</ButtonLink>
        </div>
      )}
    </>
  );
}

interface BeginProps {
  one: MyAssignment;
  /** The student is excused. */
  isOptional: boolean;
  onWork: () => void;
}

/** A checklist has a page of its own; what a tutor runs is worked on here. */
function Begin({ one: { assignment, cell }, isOptional, onWork }: BeginProps) {
  const words = useMessages(assignments);
  const { driver } = useBackEnd();
  const navigate = useNavigate();
  const { class_id, assignment_id, mode } = assignment;
  const action = useAction(async () => {
    if (mode !== "checklist") {
      onWork();
      return;
    }
    const { session } = await driver.createSession({ class_id, assignment_id, timezone: timeZone() });
    await navigate(`/session/${session.session_id}`);
  });
  return (
    <>
      {action.error !== undefined && (
        <ErrorNotice error={action.error} retry={action.retry} isRetrying={action.isBusy} />
      )}
      <div className="row">
        <Button
          look={isOptional ? undefined : "primary"}
          icon="play"
          isBusy={action.isBusy}
          onClick={() => action.run()}
        >
          {cell?.status === "in_progress" ? words.continue : words.begin}
        </Button>
      </div>
    </>
  );
}

/** The grade that counts, in percent and points, and how the session went. */
function Result({ one: { of, assignment, cell } }: { one: MyAssignment }) {
  const t = useMessages(handingIn);
  const words = useMessages(assignments);
  const format = useFormat();
  const { uid } = useBackEnd();
  const id = cell?.session_id ?? "";
  const read = useRead(["session", id], ({ driver }) => driver.sessions.read(id));
  const grade = gradeOf(cell);
  const points = pointsOf(cell, assignment);
  const computed = cell?.score_percent ?? null;
  const handedInAt = format.dateTimeIn(of.timezone, cell?.submitted_at ?? "");
  const isLate = statusOf({ of, assignment, cell }, uid, new Date()) === "late";
  return (
    <>
      <Notice kind="good">{isLate ? t.handedInLate(handedInAt) : t.handedIn(handedInAt)}</Notice>
      <Section title={t.grade}>
        <Card>
          {grade === null && <p>{t.noScore}</p>}
          {typeof grade === "number" && (
            <p className="figure">
              {format.percent(grade)}
              {points !== null &&
                ` · ${words.pointsOf(format.number(points), format.number(assignment.points ?? 0))}`}
            </p>
          )}
          {grade === "exempt" && <p className="figure">{words.status.exempt}</p>}
          {cell?.override && (
            <p className="soft">{t.byTeacher(computed === null ? "–" : format.percent(computed))}</p>
          )}
        </Card>
      </Section>
      <NotesLeft templateId={`${assignment.class_id}.${assignment.assignment_id}`} />
      <Read read={read} skeleton={<Skeleton height={8} count={2} />}>
        {(session) => <Figures session={session} />}
      </Read>
      <div className="row">
        <ButtonLink icon="sessions" to={`/sessions/${id}`}>
          {t.toSession}
        </ButtonLink>
      </div>
    </>
  );
}
