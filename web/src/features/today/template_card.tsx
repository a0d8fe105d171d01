import type { ReactNode } from "react";

import { useStartChecklist } from "@/data/start";
import { Card } from "@/ui/page";
import { TemplateActions } from "@/ui/template_actions";

interface Props {
  templateId: string;
  name: string;
  about: string;
  badge?: ReactNode;
  actions?: ReactNode;
}

/** A template with what a learner does with it. */
export function TemplateCard({ templateId, name, about, badge, actions }: Props) {
  const checklist = useStartChecklist(templateId);
  return (
    <Card as="li">
      <h3>{name}</h3>
      <div className="row small soft">
        {badge}
        {about}
      </div>
      <TemplateActions templateId={templateId} name={name} checklist={checklist}>
        {actions}
      </TemplateActions>
    </Card>
  );
}
