import { InfinitePractice } from "practice-client";
import { useNavigate, useParams, useSearchParams } from "react-router";

import { timeZone } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { practice } from "@/i18n/practice";
import { ButtonLink } from "@/ui/button";

import { Practice } from "./practice";
import { SummaryPage } from "./summary";
import "./practice.css";

/** `?done=` names the finished session whose summary is shown: loading it again begins nothing. */
export default function PracticePage() {
  const { templateId = "" } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const t = useMessages(practice);
  const done = search.get("done");
  if (done)
    return (
      <SummaryPage
        key={done}
        slot={templateId}
        sessionId={done}
        again={
          <ButtonLink look="primary" icon="play" to={`/practice/${templateId}`}>
            {t.again}
          </ButtonLink>
        }
      />
    );
  return (
    <Practice
      key={templateId}
      slot={templateId}
      create={(driver) => new InfinitePractice(driver, templateId, { timezone: timeZone() })}
      onDone={(sessionId) =>
        void navigate(`/practice/${templateId}?done=${encodeURIComponent(sessionId)}`, { replace: true })
      }
      onDiscarded={() => void navigate("/")}
    />
  );
}
