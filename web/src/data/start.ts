import { useNavigate } from "react-router";

import { type Action, useAction } from "./action";
import { timeZone, useBackEnd } from "./back_end";

/** Starts the checklist of a template, or resumes the active one, and opens its page. */
export function useStartChecklist(templateId: string): Action<[]> {
  const { driver } = useBackEnd();
  const navigate = useNavigate();
  return useAction(async () => {
    const { session } = await driver.createSession({ template_id: templateId, timezone: timeZone() });
    await navigate(`/session/${session.session_id}`);
  });
}
