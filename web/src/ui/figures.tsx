import type { ReactNode } from "react";

import { Icon, type IconName } from "./icons";

/** A few numbers side by side. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}

interface Props {
  icon?: IconName;
  name: string;
  about?: ReactNode;
  children: ReactNode;
}

/** A card of its own, or a part of the card that it is in. */
export function Figure({ icon, name, about, children }: Props) {
  return (
    <div className="card">
      <dt className="row soft">
        {icon && <Icon name={icon} />}
        {name}
      </dt>
      <dd className="figure">{children}</dd>
      {about && <dd className="soft small">{about}</dd>}
    </div>
  );
}
