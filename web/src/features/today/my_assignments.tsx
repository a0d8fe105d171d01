import { useState } from "react";

import { useBackEnd } from "@/data/back_end";
import { useMyAssignments } from "@/data/my_assignments";
import { useMessages } from "@/i18n";
import { assignments } from "@/i18n/assignments";
import { MyAssignments } from "@/ui/my_assignments";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

/** What the classes that the user is in have assigned. */
export default function OfMyClasses() {
  const t = useMessages(assignments);
  const [now] = useState(() => new Date());
  const { uid } = useBackEnd();
  const read = useMyAssignments();
  // Most of those who practise for themselves are in no class.
  if (read.data?.length === 0) return null;
  return (
    <Section title={t.title}>
      <Read read={read} skeleton={<Skeleton height={8} />}>
        {(all) => <MyAssignments all={all} uid={uid} now={now} namesClass />}
      </Read>
    </Section>
  );
}
