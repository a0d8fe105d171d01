import type { ReactNode } from "react";

import { useMessages } from "@/i18n";
import { templateBuilder } from "@/i18n/template_builder";
import { Badge } from "@/ui/badge";
import { Icon } from "@/ui/icons";

import { useActions, useIsOpen, useProblemCount } from "./contexts";

interface Props {
  id: string;
  title: string;
  /** The level of the heading that the line is. */
  level: 2 | 3 | 4;
  about?: ReactNode;
  /** The keys of the part and of those in it, whose problems are counted. */
  keys?: readonly string[];
}

/** The line of a part; pressing it shows or hides the part. */
export function Disclosure({ id, title, level, about, keys = [] }: Props) {
  const t = useMessages(templateBuilder);
  const { toggle } = useActions();
  const isOpen = useIsOpen(id);
  const count = useProblemCount(keys);
  const Heading = `h${level}` as const;
  return (
    <Heading className="disclosure-heading">
      <button
        type="button"
        className="disclosure"
        aria-expanded={isOpen}
        data-place={`${id}.toggle`}
        onClick={() => toggle(id)}
      >
        <Icon name="right" size={18} />
        <span className="disclosure-text">
          <span className="part-title">{title}</span>
          {about && <span className="soft small">{about}</span>}
          {count > 0 && (
            <Badge kind="bad" icon="warning">
              {t.problemCount(count)}
            </Badge>
          )}
        </span>
      </button>
    </Heading>
  );
}
