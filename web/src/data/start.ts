import { useState } from "react";
import { useNavigate } from "react-router";

import { timeZone, useBackEnd } from "./back_end";

/** Starts the checklist of a template, or resumes the active one, and opens its page. */
export function useStartChecklist(): {
  start: (templateId: string) => Promise<void>;
  starting: string | null;
} {
  const { driver } = useBackEnd();
  const navigate = useNavigate();
  const [starting, setStarting] = useState<string | null>(null);
  /** Rejects with PracticeProblem. */
  const start = async (templateId: string) => {
    setStarting(templateId);
    try {
      const { session } = await driver.createSession({ template_id: templateId, timezone: timeZone() });
      await navigate(`/session/${session.session_id}`);
    } finally {
      setStarting(null);
    }
  };
  return { start, starting };
}
