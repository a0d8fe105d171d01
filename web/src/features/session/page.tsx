import type { Session } from "practice-client";
import { useEffect, useState } from "react";
import { Navigate, useParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { session as texts } from "@/i18n/session";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { workPath } from "@/ui/session_progress";

import { AtWork } from "./at_work";
import { isRunByTutor } from "./content";
import { Ended } from "./ended";
import { KeptSession } from "./kept";
import { useWorkState } from "./use_work";
import { Watch } from "./watch";
import { SessionWork } from "./work";

export default function SessionPage() {
  const { id = "" } = useParams();
  const t = useMessages(texts);
  const read = useRead(["session", id], ({ driver }) => driver.sessions.read(id));
  if (read.data) return <Opened key={id} session={read.data} onChange={read.mutate} />;
  return (
    <Page title={t.title}>
      <Read read={read} skeleton={<Skeleton height={14} count={2} />}>
        {() => null}
      </Read>
    </Page>
  );
}

interface Props {
  session: Session;
  /** Takes what a reply has, so that pages opened later begin with it. */
  onChange: (session: Session, options: { revalidate: false }) => unknown;
}

function Opened({ session, onChange }: Props) {
  const { uid } = useBackEnd();
  if (session.student_id !== uid) return <Navigate to={`/sessions/${session.session_id}`} replace />;
  if (isRunByTutor(session)) return <Navigate to={workPath(session)} replace />;
  return <Own session={session} onChange={onChange} />;
}

function Own({ session, onChange }: Props) {
  const { driver, uid } = useBackEnd();
  const { session_id } = session;
  const [kept] = useState(() => new KeptSession(uid, session_id));
  const [work] = useState(() => new SessionWork(driver, kept, session));
  const [watch] = useState(() => new Watch(kept.times));
  const state = useWorkState(work);
  const isActive = state.session.status === "active";
  useEffect(() => work.attach(), [work]);
  useEffect(() => work.accept(session), [work, session]);
  const latest = state.session;
  useEffect(() => {
    if (latest.revision > session.revision) onChange(latest, { revalidate: false });
  }, [latest, session, onChange]);
  useEffect(() => {
    if (isActive) return watch.attach();
    watch.forget();
    return undefined;
  }, [watch, isActive]);
  return isActive ? <AtWork work={work} watch={watch} /> : <Ended work={work} kept={kept} />;
}
