import { useNavigate, useParams, useSearchParams } from "react-router";

import { Practice } from "./practice";
import { SummaryPage } from "./summary";
import "./practice.css";

/** `?done=` names the finished session whose summary is shown: loading it again begins nothing. */
export default function PracticePage() {
  const { templateId = "" } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const done = search.get("done");
  if (done) return <SummaryPage key={done} templateId={templateId} sessionId={done} />;
  return (
    <Practice
      key={templateId}
      templateId={templateId}
      onDone={(sessionId) =>
        void navigate(`/practice/${templateId}?done=${encodeURIComponent(sessionId)}`, { replace: true })
      }
      onDiscarded={() => void navigate("/")}
    />
  );
}
