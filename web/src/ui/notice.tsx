import type { ReactNode } from "react";

import { problemText } from "@/i18n/problems";
import { useLanguage, useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Button } from "./button";
import { Icon, type IconName } from "./icons";

type Kind = "info" | "good" | "warn" | "bad";
const ICONS: Record<Kind, IconName> = { info: "info", good: "check", warn: "warning", bad: "warning" };

interface Props {
  kind?: Kind;
  children: ReactNode;
  actions?: ReactNode;
}

/** Bad news are announced at once, other news when the screen reader is free. */
export function Notice({ kind = "info", children, actions }: Props) {
  return (
    <div className={`notice notice-${kind}`} role={kind === "bad" ? "alert" : "status"}>
      <Icon name={ICONS[kind]} />
      <div className="grow">{children}</div>
      {actions}
    </div>
  );
}

interface ErrorProps {
  error: unknown;
  /** Tries what failed again. */
  retry?: () => void;
  isRetrying?: boolean;
  /** What is to be said besides. */
  children?: ReactNode;
}

/** An error in words: what happened and what to do. */
export function ErrorNotice({ error, retry, isRetrying, children }: ErrorProps) {
  const { language } = useLanguage();
  const t = useMessages(common);
  return (
    <Notice
      kind="bad"
      actions={
        retry && (
          <Button small icon="refresh" onClick={retry} isBusy={isRetrying ?? false}>
            {t.tryAgain}
          </Button>
        )
      }
    >
      {problemText(error, language)} {children}
    </Notice>
  );
}

export function EmptyState({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="card">
      <p className="soft">{children}</p>
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}
