import { useParams } from "react-router";

import { useBackEnd } from "@/data/back_end";
import { useFreshRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { Page, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

import { Builder } from "./builder/builder";
import { readStored } from "./builder/store";
import { ReadOnly } from "./read_only";

/** An own template in the builder; an archived one, or another's, to look at. */
export default function TemplatePage() {
  const { id = "" } = useParams();
  return <Loaded key={id} id={id} />;
}

function Loaded({ id }: { id: string }) {
  const t = useMessages(templates);
  const { uid } = useBackEnd();
  // What is read later would not be what is edited: a save finds out whether it was changed elsewhere.
  const read = useFreshRead(`template ${id}`, async ({ driver }) => {
    const template = await driver.templates.read(id);
    const isEditable = template.owner_id === uid && template.archived_at === null;
    return { template, stored: isEditable ? await readStored(driver, id) : null };
  });
  if (!read.data || read.error)
    return (
      <Page title={t.template}>
        <Read read={{ ...read, data: undefined }} skeleton={<Skeleton height={12} count={2} />}>
          {() => null}
        </Read>
      </Page>
    );
  const { template, stored } = read.data;
  if (!stored) return <ReadOnly template={template} isOwn={template.owner_id === uid} />;
  return <Builder templateId={id} stored={stored} title={t.template} />;
}
