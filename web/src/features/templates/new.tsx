import { bounds } from "practice-client/bounds";
import { useMemo } from "react";
import { useSearchParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useFreshRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { Builder } from "./builder/builder";
import { readStored } from "./builder/store";
import { copyOfTemplate } from "./model/copy";
import { type Draft, newDraft } from "./model/draft";

/** A new template, or a copy: /templates/new?from=ID */
export default function NewTemplate() {
  const [search] = useSearchParams();
  const from = search.get("from");
  return from === null ? <Blank /> : <Copy key={from} from={from} />;
}

function Blank() {
  const t = useMessages(templateBuilder);
  const stored = useMemo(() => ({ draft: newDraft(), version: null }), []);
  return <Builder templateId={null} stored={stored} title={t.newTitle} />;
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
  const stored = useMemo(() => {
    const name = t.copyOf(draft.name).slice(0, bounds.CreateTemplate.name.maxLength);
    return { draft: { ...draft, name }, version: null };
  }, [draft, t]);
  return <Builder templateId={null} from={from} stored={stored} title={t.newTitle} />;
}
