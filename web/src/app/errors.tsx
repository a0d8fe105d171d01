import { Component, type ReactNode, useEffect } from "react";
import { useRouteError } from "react-router";

import { isWithoutReply, useIsOnline } from "@/data/network";
import { useMessages } from "@/i18n";
import { shell } from "@/i18n/shell";
import { Button, ButtonLink } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Page } from "@/ui/page";

const reload = () => location.reload();

/**
 * Shows an error of a page; the links around it stay. A page whose file could not be loaded is loaded when
 * the network returns.
 */
export function RouteError() {
  const error = useRouteError();
  const t = useMessages(shell);
  const isOnline = useIsOnline();
  const isWaiting = isWithoutReply(error);
  useEffect(() => {
    if (!isWaiting) return;
    addEventListener("online", reload);
    return () => removeEventListener("online", reload);
  }, [isWaiting]);
  // A page's file is gone after a new version was published: loading the page again brings the new one.
  // Without network that would replace the app by the browser's own page.
  return (
    <Page title={t.failed} narrow>
      <ErrorNotice error={error} {...(isOnline ? { retry: reload } : {})} />
    </Page>
  );
}

export function NotFound() {
  const t = useMessages(shell);
  return (
    <Page title={t.notFound} narrow>
      <Notice actions={<ButtonLink to="/">{t.home}</ButtonLink>}>{t.notFoundText}</Notice>
    </Page>
  );
}

/** The last resort: an error outside of all pages. */
export class Catch extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return <Broken error={this.state.error} />;
  }
}

function Broken({ error }: { error: unknown }) {
  const t = useMessages(shell);
  return (
    <main className="page page-narrow">
      <h1>{t.failed}</h1>
      <ErrorNotice error={error} />
      <Button look="primary" onClick={reload}>
        {t.reload}
      </Button>
    </main>
  );
}
