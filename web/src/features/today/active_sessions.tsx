import type { Session } from "practice-client";

import { useRead } from "@/data/reads";
import { useFormat, useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { OriginBadge } from "@/ui/badge";
import { ButtonLink } from "@/ui/button";
import { Card, Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";
import { useProgressText, workPath } from "@/ui/session_progress";

/** More than a person has open: one of each template and mode. */
const MOST = 12;

/** What is begun, on this device or another. */
export function ActiveSessions({ isQuietWhenEmpty = false }: { isQuietWhenEmpty?: boolean }) {
  const t = useMessages(today);
  const read = useRead(["active sessions"], ({ driver }) =>
    driver.sessions.list({ status: "active", limit: MOST }),
  );
  const isEmpty = read.data?.entries.length === 0;
  if (isQuietWhenEmpty && (isEmpty || (!read.data && !read.error))) return null;
  return (
    <Section title={t.goOn}>
      <Read read={read} skeleton={<Skeleton height={5} />}>
        {({ entries }) =>
          isEmpty ? (
            <p className="soft">{t.nothingActive}</p>
          ) : (
            <ul role="list" className="cards">
              {entries.map((session, index) => (
                <ActiveSession key={session.session_id} session={session} isFirst={index === 0} />
              ))}
            </ul>
          )
        }
      </Read>
    </Section>
  );
}

function ActiveSession({ session, isFirst }: { session: Session; isFirst: boolean }) {
  const t = useMessages(today);
  const format = useFormat();
  const progressOf = useProgressText();
  const { name, origin } = session;
  return (
    <Card as="li">
      <h3>{name}</h3>
      <p className="soft small">
        {progressOf(session)} · {t.practisedAt(format.relative(session.last_activity_at))}
      </p>
      <div className="row between">
        <OriginBadge origin={origin} />
        <ButtonLink
          look={isFirst ? "primary" : undefined}
          icon="play"
          aria-label={t.resumeOf(name)}
          to={workPath(session)}
        >
          {t.resume}
        </ButtonLink>
      </div>
    </Card>
  );
}
