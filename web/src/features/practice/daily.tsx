import { DailyPractice, type Pack } from "practice-client";
import { useNavigate, useSearchParams } from "react-router";

import { timeZone } from "@/data/back_end";
import { useFormat, useMessages } from "@/i18n";
import { daily } from "@/i18n/daily";
import { ButtonLink } from "@/ui/button";
import { EmptyState, Notice } from "@/ui/notice";
import { Page } from "@/ui/page";

import { Ahead } from "./ahead";
import { Practice } from "./practice";
import { SummaryPage } from "./summary";
import "./practice.css";

const SLOT = "daily pack";

/** The pack of the day. `?more` draws its next portion; `?done=` names a portion whose end is shown. */
export default function DailyPage() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const t = useMessages(daily);
  const done = search.get("done");
  const more = search.has("more");
  if (done)
    return (
      <SummaryPage key={done} slot={SLOT} sessionId={done} again={<More look="primary" />}>
        <Ahead />
      </SummaryPage>
    );
  return (
    <Practice
      key={String(more)}
      slot={SLOT}
      title={t.title}
      create={(driver) => new DailyPractice(driver, { timezone: timeZone(), more })}
      nothing={({ pack }) => <Nothing pack={pack} />}
      onDone={(sessionId) => void navigate(`/daily?done=${encodeURIComponent(sessionId)}`, { replace: true })}
      onDiscarded={() => void navigate("/")}
    />
  );
}

/** The pack is done, or there is nothing to put into it. */
function Nothing({ pack }: { pack: Pack | undefined }) {
  const t = useMessages(daily);
  const format = useFormat();
  if (!pack?.session_id)
    return (
      <Page title={t.title} narrow>
        <EmptyState
          actions={
            <ButtonLink icon="templates" to="/templates">
              {t.templates}
            </ButtonLink>
          }
        >
          {t.nothing}
        </EmptyState>
      </Page>
    );
  return (
    <Page title={t.title} narrow>
      <Notice
        kind={pack.status === "abandoned" ? "info" : "good"}
        actions={
          <>
            <More look="primary" />
            <ButtonLink to={`/daily?done=${encodeURIComponent(pack.session_id)}`}>{t.toSummary}</ButtonLink>
          </>
        }
      >
        {pack.status === "abandoned" ? t.packDiscarded : t.packDone}{" "}
        {pack.deferred > 0 && t.left(format.number(pack.deferred))}
      </Notice>
      <Ahead />
    </Page>
  );
}

function More({ look }: { look: "primary" }) {
  const t = useMessages(daily);
  return (
    <ButtonLink look={look} icon="play" to="/daily?more">
      {t.more}
    </ButtonLink>
  );
}
