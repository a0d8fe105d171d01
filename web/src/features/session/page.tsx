import { useMessages } from "@/i18n";
import { shell } from "@/i18n/shell";
import { Page } from "@/ui/page";

export default function Session() {
  const t = useMessages(shell);
  return <Page title={t.sessions}>{null}</Page>;
}
