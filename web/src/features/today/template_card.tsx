import type { ReactNode } from "react";

import { useStartChecklist } from "@/data/start";
import { useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { Button, ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Card } from "@/ui/page";

interface Props {
  templateId: string;
  name: string;
  about: string;
  badge?: ReactNode;
  actions?: ReactNode;
}

/** A template with what a learner does with it. */
export function TemplateCard({ templateId, name, about, badge, actions }: Props) {
  const t = useMessages(today);
  const { run: start, isBusy: isStarting, error } = useStartChecklist(templateId);
  return (
    <Card as="li">
      <h3>{name}</h3>
      <div className="row small soft">
        {badge}
        {about}
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
      <div className="row">
        <ButtonLink small icon="play" to={`/practice/${templateId}`} aria-label={t.practiseOf(name)}>
          {t.practise}
        </ButtonLink>
        <Button
          small
          look="quiet"
          icon="check"
          isBusy={isStarting}
          aria-label={t.checklistOf(name)}
          onClick={start}
        >
          {t.checklist}
        </Button>
        {actions}
      </div>
    </Card>
  );
}
