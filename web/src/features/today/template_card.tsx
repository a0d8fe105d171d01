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
}

/** A template with what a learner does with it. */
export function TemplateCard({ templateId, name, about, badge }: Props) {
  const t = useMessages(today);
  const { start, isStarting, error } = useStartChecklist(templateId);
  return (
    <Card as="li">
      <div className="row between">
        <h3>{name}</h3>
        {badge}
      </div>
      <p className="soft small">{about}</p>
      {error !== undefined && <ErrorNotice error={error} />}
      <div className="row">
        <ButtonLink icon="play" to={`/practice/${templateId}`} aria-label={t.practiseOf(name)}>
          {t.practise}
        </ButtonLink>
        <Button
          look="quiet"
          icon="check"
          isBusy={isStarting}
          aria-label={t.checklistOf(name)}
          onClick={start}
        >
          {t.checklist}
        </Button>
      </div>
    </Card>
  );
}
