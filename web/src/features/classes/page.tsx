import { useParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { AttendedClass } from "./attended_class";
import "./classes.css";
import { TaughtClass } from "./taught_class";

/** One class, as its teachers or as its students see it. */
export default function ClassPage() {
  const { id = "" } = useParams();
  return <OneClass key={id} id={id} />;
}

function OneClass({ id }: { id: string }) {
  const t = useMessages(classes);
  const { uid } = useBackEnd();
  const read = useRead(["class", id], async ({ driver }) => {
    const of = await driver.classes.read(id);
    const join = of.teacher_ids.includes(uid) ? await driver.classes.readJoin(id) : null;
    return { of, join };
  });
  if (read.data === undefined)
    return (
      <Page title={t.title}>
        <Read read={read} skeleton={<Skeleton height={14} count={2} />}>
          {() => null}
        </Read>
      </Page>
    );
  const { of, join } = read.data;
  return (
    <Read read={read}>
      {() =>
        join ? (
          <TaughtClass
            of={of}
            join={join}
            onChanged={(now) => void read.mutate(now, { revalidate: false })}
          />
        ) : (
          <AttendedClass of={of} />
        )
      }
    </Read>
  );
}
