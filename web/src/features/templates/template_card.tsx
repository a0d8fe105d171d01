import type { ReactNode } from "react";
import { Link } from "react-router";

import { useStartChecklist } from "@/data/start";
import { useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { Button, ButtonLink } from "@/ui/button";
import { Menu, type MenuEntry } from "@/ui/menu";
import { ErrorNotice } from "@/ui/notice";
import { Card } from "@/ui/page";

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
  const { run: start, isBusy: isStarting, error } = useStartChecklist(templateId);
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
        <Menu
          button={{ small: true, look: "quiet", icon: "menu", "aria-label": t.moreOf(name) }}
          entries={entries}
        />
      </div>
    </Card>
  );
}
