import { defineMessages } from ".";

/** Texts of pages that show changes by themselves. */
export const live = defineMessages(
  {
    live: "Live: what students do shows at once.",
    connecting: "Connecting for live changes …",
    retry: "Connect again",
    notLive: "Changes do not show by themselves at the moment.",
  },
  {
    de: {
      live: "Live: Was Lernende tun, zeigt sich sofort.",
      connecting: "Verbindung für Änderungen wird aufgebaut …",
      retry: "Neu verbinden",
      notLive: "Änderungen zeigen sich gerade nicht von selbst.",
    },
  },
);
