import { useState } from "react";

import { useMessages } from "@/i18n";
import { pictures } from "@/i18n/pictures";

import "./picture.css";

interface Props {
  /** Without a url the picture was not kept: its text stands in its place. */
  image: { url?: string | null; alt: string };
}

/** A picture of a question, in a room of its own so that nothing moves when it is there. */
export function Picture({ image: { url, alt } }: Props) {
  const t = useMessages(pictures);
  const [failed, setFailed] = useState<string>();
  if (!url || failed === url)
    return (
      <p className={url ? "picture-text picture-failed" : "picture-text"}>
        <span className="soft">{url ? t.notLoaded : t.picture}</span> {alt}
      </p>
    );
  return (
    <img
      className="picture"
      src={url}
      alt={alt}
      loading="lazy"
      decoding="async"
      // Whoever keeps the picture need not know who practises what.
      referrerPolicy="no-referrer"
      onError={() => setFailed(url)}
    />
  );
}
