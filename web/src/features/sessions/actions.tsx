import type { Session } from "practice-client";

import { useStartChecklist } from "@/data/start";
import { useMessages } from "@/i18n";
import { sessions as texts } from "@/i18n/sessions";
import { Button, ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { workPath, workPlace } from "@/ui/session_progress";

interface Props {
  session: Session;
  small?: boolean;
}

export function Continue({ session, small = false }: Props) {
  const t = useMessages(texts);
  return (
    <ButtonLink
      small={small}
      icon="play"
      look={small ? undefined : "primary"}
      to={workPath(session)}
      aria-label={t.continueOf(session.name)}
    >
      {t.continue}
    </ButtonLink>
  );
}

/** An assignment is handed in once, so there its result is shown. Nothing without a template. An archived one is refused, in words. */
export function Again({ session, small = false }: Props) {
  const t = useMessages(texts);
  const { name, mode, template_id, assignment } = session;
  if (template_id === null) return null;
  if (assignment)
    return (
      <ButtonLink small={small} icon="assigned" to={workPlace(session)} aria-label={t.assignmentOf(name)}>
        {t.assignment}
      </ButtonLink>
    );
  if (mode !== "infinite") return <AgainChecklist templateId={template_id} name={name} small={small} />;
  return (
    <ButtonLink small={small} icon="refresh" to={`/practice/${template_id}`} aria-label={t.againOf(name)}>
      {t.again}
    </ButtonLink>
  );
}

function AgainChecklist({ templateId, name, small }: { templateId: string; name: string; small: boolean }) {
  const t = useMessages(texts);
  const { run: start, isBusy: isStarting, error } = useStartChecklist(templateId);
  return (
    <>
      <Button small={small} icon="refresh" isBusy={isStarting} onClick={start} aria-label={t.againOf(name)}>
        {t.again}
      </Button>
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  );
}
