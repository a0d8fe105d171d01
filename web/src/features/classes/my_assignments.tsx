import { useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { useMyAssignments } from "@/data/my_assignments";
import { useMessages } from "@/i18n";
import { assignments } from "@/i18n/assignments";
import { MyAssignments } from "@/ui/my_assignments";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

/** What a class has assigned to the user, who is in it. */
export default function OfThisClass({ classId }: { classId: string }) {
  const t = useMessages(assignments);
  const [now] = useState(() => new Date());
  const { uid } = useBackEnd();
  const read = useMyAssignments(classId);
  return (
    <Section title={t.title}>
      <Read read={read} skeleton={<Skeleton height={8} />}>
        {(all) => <MyAssignments all={all} uid={uid} now={now} />}
      </Read>
    </Section>
  );
}
