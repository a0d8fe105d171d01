import { Link } from "react-router";

import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";

interface Place {
  /** The page that was asked for. */
  next: string | null;
  way?: string;
}

/** The path of the sign-in page. */
export function signInPage({ next, way }: Place): string {
  const params = new URLSearchParams({ ...(way ? { way } : {}), ...(next ? { next } : {}) });
  return params.size ? `/sign-in?${params}` : "/sign-in";
}

interface Props {
  ways: { value: string; title: string }[];
  chosen: string;
  next: string | null;
}

/** Links, so that each way has an address. */
export function Ways({ ways, chosen, next }: Props) {
  const t = useMessages(messages);
  return (
    <ul role="list" className="tabs-list" aria-label={t.ways}>
      {ways.map(({ value, title }) => (
        <li key={value}>
          <Link
            className="tab"
            to={signInPage({ next, way: value })}
            replace
            aria-current={value === chosen ? "page" : undefined}
          >
            {title}
          </Link>
        </li>
      ))}
    </ul>
  );
}
