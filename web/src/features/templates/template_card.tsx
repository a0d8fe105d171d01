import type { ReactNode } from "react";
import { Link } from "react-router";

import { useStartChecklist } from "@/data/start";
import { useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { Menu, type MenuEntry } from "@/ui/menu";
import { Card } from "@/ui/page";
import { TemplateActions } from "@/ui/template_actions";

interface Props {
  templateId: string;
  name: string;
  about: string;
  news: string;
  badge: ReactNode;
  entries: MenuEntry[];
}

/** A template in a list, with what can be done with it. */
export function TemplateCard({ templateId, name, about, news, badge, entries }: Props) {
  const t = useMessages(templates);
  const checklist = useStartChecklist(templateId);
  return (
    <Card as="li">
      <div className="row between">
        <h2 className="part-title">
          <Link to={`/templates/${templateId}`}>{name}</Link>
        </h2>
        {badge}
      </div>
      {about && <p className="small">{about}</p>}
      <p className="soft small">{news}</p>
      <TemplateActions templateId={templateId} name={name} checklist={checklist}>
        <Menu
          button={{ small: true, look: "quiet", icon: "menu", "aria-label": t.moreOf(name) }}
          entries={entries}
        />
      </TemplateActions>
    </Card>
  );
}
