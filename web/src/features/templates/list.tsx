import { useSearchParams } from "react-router";

import { useMessages } from "@/i18n";
import { templates } from "@/i18n/templates";
import { ButtonLink } from "@/ui/button";
import { Page } from "@/ui/page";
import { Tabs } from "@/ui/tabs";

import { AssignedList } from "./assigned_list";
import { TemplateList } from "./template_list";

const SHOWN = ["mine", "assigned", "public"] as const;

export default function TemplatesPage() {
  const t = useMessages(templates);
  const [search, setSearch] = useSearchParams();
  const show = SHOWN.find((name) => name === search.get("show")) ?? "mine";
  return (
    <Page
      title={t.title}
      actions={
        <ButtonLink look="primary" icon="plus" to="/templates/new">
          {t.write}
        </ButtonLink>
      }
    >
      <Tabs
        label={t.which}
        value={show}
        onChange={(value) => setSearch(value === "mine" ? {} : { show: value }, { replace: true })}
        tabs={[
          { value: "mine", title: t.mine, content: <TemplateList which="mine" /> },
          { value: "assigned", title: t.assigned, content: <AssignedList /> },
          { value: "public", title: t.public, content: <TemplateList which="public" /> },
        ]}
      />
    </Page>
  );
}
