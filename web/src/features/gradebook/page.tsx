import { useMessages } from "@/i18n";
import { gradebook } from "@/i18n/gradebook";
import { OriginBadge } from "@/ui/badge";
import { Page } from "@/ui/page";
import { Tabs } from "@/ui/tabs";

import { Charts } from "./charts";
import { Export } from "./export";
import { ExportOwnAnswers } from "./export_own_answers";
import { History } from "./history";
import { type Origin, useShown } from "./shown";
import { Skills } from "./skills";
import { Totals } from "./totals";

import "./gradebook.css";

export default function Gradebook() {
  const t = useMessages(gradebook);
  const { origin, status, show } = useShown();
  const tabs = ([undefined, "assigned", "self_practice"] as const).map((of) => ({
    value: of ?? "all",
    title: of ? <OriginBadge origin={of} /> : t.all,
    content: <Sessions origin={of} />,
  }));
  return (
    <Page
      title={t.title}
      inOrder
      actions={
        <>
          <Export origin={origin} status={status} />
          <ExportOwnAnswers origin={origin} status={status} />
        </>
      }
    >
      <Totals />
      <Tabs
        label={t.show}
        tabs={tabs}
        value={origin ?? "all"}
        onChange={(value) => show({ of: value === "all" ? null : value, month: null })}
      />
      <Skills />
    </Page>
  );
}

function Sessions({ origin }: { origin: Origin | undefined }) {
  return (
    <div className="stack gradebook-tab in-order">
      <Charts key={origin ?? "all"} origin={origin} />
      <History origin={origin} />
    </div>
  );
}
