import { useUser } from "@/auth/session";
import { useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { ButtonLink } from "@/ui/button";
import { later } from "@/ui/later";
import { Page, Skeleton } from "@/ui/page";

import { ActiveSessions } from "./active_sessions";
import { AssignedTemplates } from "./assigned_templates";
import { DueSkills } from "./due_skills";
import { LatestOfStudents } from "./latest_of_students";
import { OwnTemplates } from "./own_templates";
import { Progress } from "./progress";

// A teacher's page does without.
const MyAssignments = later(() => import("./my_assignments"));

export default function Today() {
  const t = useMessages(today);
  const { isTeacher } = useUser();
  return (
    <Page
      title={t.title}
      inOrder
      actions={
        <ButtonLink to="/log" icon="log">
          {t.log}
        </ButtonLink>
      }
    >
      {isTeacher ? (
        <>
          <LatestOfStudents />
          <OwnTemplates />
          <ActiveSessions isQuietWhenEmpty />
        </>
      ) : (
        <>
          <MyAssignments fallback={<Skeleton height={8} />} />
          <ActiveSessions />
          <DueSkills />
          <Progress />
          <AssignedTemplates />
          <OwnTemplates />
        </>
      )}
    </Page>
  );
}
