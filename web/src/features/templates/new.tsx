import { useMemo } from "react";
import { useSearchParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useFreshRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { Builder } from "./builder/builder";
import { NEW_SLOT, slotOf } from "./builder/kept";
import { readStored } from "./builder/use_save";
import { type Draft, newDraft } from "./model/draft";
import { copyOfTemplate } from "./model/copy";

/** A new template, or a copy: /templates/new?from=ID */
export default function NewTemplate() {
  const [search] = useSearchParams();
  const from = search.get("from");
  return from === null ? <Blank /> : <Copy key={from} from={from} />;
}

function Blank() {
  const t = useMessages(templateBuilder);
  const stored = useMemo(() => ({ draft: newDraft(), version: null }), []);
  return <Builder slot={NEW_SLOT} templateId={null} stored={stored} title={t.newTitle} />;
}

function Copy({ from }: { from: string }) {
  const t = useMessages(templateBuilder);
  const { uid } = useBackEnd();
  const read = useFreshRead(`template to copy ${from}`, async ({ driver }) => {
    const template = await driver.templates.read(from);
    if (template.owner_id === uid) return copyOfTemplate((await readStored(driver, from)).draft, true);
    return copyOfTemplate(template, false);
  });
  if (!read.data)
    return (
      <Page title={t.newTitle}>
        <Read read={read} skeleton={<Skeleton height={12} count={2} />}>
          {() => null}
        </Read>
      </Page>
    );
  return <CopyBuilder from={from} draft={read.data} />;
}

function CopyBuilder({ from, draft }: { from: string; draft: Draft }) {
  const t = useMessages(templateBuilder);
  // The copy is a change from nothing, so that it is kept until it is saved.
  const stored = useMemo(
    () => ({ draft: { ...draft, name: t.copyOf(draft.name).slice(0, 120) }, version: null }),
    [draft, t],
  );
  return <Builder slot={slotOf(`copy.${from}`)} templateId={null} stored={stored} title={t.newTitle} />;
}
