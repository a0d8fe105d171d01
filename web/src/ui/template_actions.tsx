import type { ReactNode } from "react";

import { useMessages } from "@/i18n";
import { templateActions } from "@/i18n/template_actions";

import { Button, ButtonLink } from "./button";
import { ErrorNotice } from "./notice";

interface Props {
  templateId: string;
  /** Read aloud with the buttons where several templates are on the page. */
  name?: string;
  /** Starts its checklist, as useStartChecklist does. */
  checklist: { run: () => void; isBusy: boolean; error: unknown };
  /** Further actions. */
  children?: ReactNode;
}

/** What a learner does with a template: practise it with the tutor, or work through its checklist. */
export function TemplateActions({ templateId, name, checklist, children }: Props) {
  const t = useMessages(templateActions);
  const { run, isBusy, error } = checklist;
  const isListed = name !== undefined;
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} />}
      <div className="row">
        <ButtonLink
          {...(isListed ? { small: true, "aria-label": t.practiseOf(name) } : { look: "primary" })}
          icon="play"
          to={`/practice/${templateId}`}
        >
          {t.practise}
        </ButtonLink>
        <Button
          {...(isListed ? { small: true, look: "quiet", "aria-label": t.checklistOf(name) } : {})}
          icon="check"
          isBusy={isBusy}
          onClick={run}
        >
          {t.checklist}
        </Button>
        {children}
      </div>
    </>
  );
}
