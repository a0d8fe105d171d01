import { useState } from "react";
import { useNavigate } from "react-router";

import { timeZone, useBackEnd } from "./back_end";

interface Starting {
  start: () => void;
  isStarting: boolean;
  /** Why the last start failed, undefined if it did not. */
  error: unknown;
}

/** Starts the checklist of a template, or resumes the active one, and opens its page. */
export function useStartChecklist(templateId: string): Starting {
  const { driver } = useBackEnd();
  const navigate = useNavigate();
  const [isStarting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async () => {
    setStarting(true);
    setError(undefined);
    try {
      const { session } = await driver.createSession({ template_id: templateId, timezone: timeZone() });
      await navigate(`/session/${session.session_id}`);
    } catch (failure) {
      setError(failure);
    } finally {
      setStarting(false);
    }
  };
  return { start: () => void run(), isStarting, error };
}
