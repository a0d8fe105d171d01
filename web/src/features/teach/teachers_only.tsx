import type { ReactNode } from "react";

import { useUser } from "@/auth/session";
import { useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { ButtonLink } from "@/ui/button";
import { EmptyState } from "@/ui/notice";
import { Page } from "@/ui/page";

/** For others it says what to do, and reads nothing. */
export function TeachersOnly({ children }: { children: ReactNode }) {
  const t = useMessages(teach);
  const { isTeacher } = useUser();
  if (isTeacher) return children;
  return (
    <Page title={t.title}>
      <EmptyState
        actions={
          <ButtonLink to="/" icon="home">
            {t.toToday}
          </ButtonLink>
        }
      >
        {t.onlyTeachers}
      </EmptyState>
    </Page>
  );
}
