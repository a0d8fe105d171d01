import { useEffect, useState, useSyncExternalStore } from "react";
import { useNavigate } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { LocalRecord } from "@/data/local_record";
import { useMessages } from "@/i18n";
import { log as texts } from "@/i18n/log";
import { Page } from "@/ui/page";

import { removeStored } from "./draft";
import { LogForm } from "./form";
import { type Submission, Submitting } from "./submission";
import { EMPTY, type Values } from "./values";

export default function Log() {
  const t = useMessages(texts);
  const { driver, uid } = useBackEnd();
  const navigate = useNavigate();
  const [draft] = useState(() => new LocalRecord<Values>(uid, "log.draft", EMPTY));
  const [submitting] = useState(() => {
    const record = new LocalRecord<Submission | null>(uid, "log.submission", null);
    return new Submitting(driver, record, { remove: (stored) => removeStored(draft, stored) });
  });
  const state = useSyncExternalStore(submitting.subscribe, submitting.getState);
  useEffect(() => submitting.attach(), [submitting]);
  const stored = state.phase === "stored" ? state.sessionId : null;
  useEffect(() => {
    if (stored !== null) void navigate(`/session/${stored}`, { replace: true });
  }, [stored, navigate]);
  return (
    <Page title={t.title} narrow>
      <p className="soft">{t.about}</p>
      <LogForm draft={draft} submitting={submitting} state={state} />
    </Page>
  );
}
