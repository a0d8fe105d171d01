import { PracticeProblem } from "practice-client";

import { type Language, defineMessages } from ".";

const problems = defineMessages(
  {
    offline: "There is no connection. It goes on by itself when the network is back.",
    unavailable: "The server cannot be reached at the moment. Please try again.",
    rateLimited: (seconds: number) =>
      seconds > 0
        ? `That was too much at once. Please wait ${seconds} seconds.`
        : "That was too much at once. Please wait a while.",
    signedOut: "You are no longer signed in. Please sign in again.",
    denied: "This is not here, or not for you. Check the address, or sign in as somebody else.",
    templateMissing: "This template does not exist, or it is not shared with you.",
    templateArchived: "This template was archived, so no new practice begins with it.",
    notOpen: "This assignment is not open yet.",
    closed: "This assignment is closed. Ask your teacher if you need more time.",
    sessionMissing: "This session does not exist, or it is not yours.",
    sessionEnded: "This session has ended already.",
    changedElsewhere: "This was changed elsewhere in the meantime. Load it again to see what is new.",
    forked: "You have gone on elsewhere. Load the page again to see where you are.",
    tooLarge: "This is too large to be stored. Please make it shorter.",
    invalid: (message: string) => `This was refused: ${message}`,
    unexpected: (id: string) =>
      id
        ? `Something went wrong. Please try again; the report number is ${id}.`
        : "Something went wrong. Please try again.",
  },
  {
    de: {
      offline: "Es gibt keine Verbindung. Sobald das Netz zurück ist, geht es von selbst weiter.",
      unavailable: "Der Server ist gerade nicht zu erreichen. Bitte nochmals versuchen.",
      rateLimited: (seconds: number) =>
        seconds > 0
          ? `Das war zu viel auf einmal. Bitte ${seconds} Sekunden warten.`
          : "Das war zu viel auf einmal. Bitte etwas warten.",
      signedOut: "Die Anmeldung ist abgelaufen. Bitte neu anmelden.",
      denied: "Das gibt es hier nicht, oder nicht für dich. Prüfe die Adresse oder melde dich anders an.",
      templateMissing: "Diese Vorlage gibt es nicht, oder sie ist nicht mit dir geteilt.",
      templateArchived: "Diese Vorlage ist archiviert; damit beginnt keine neue Übung.",
      notOpen: "Diese Aufgabe ist noch nicht geöffnet.",
      closed: "Diese Aufgabe ist geschlossen. Frage deine Lehrkraft, wenn du mehr Zeit brauchst.",
      sessionMissing: "Diese Sitzung gibt es nicht, oder sie gehört dir nicht.",
      sessionEnded: "Diese Sitzung ist schon zu Ende.",
      changedElsewhere: "Das wurde inzwischen anderswo geändert. Lade es neu, um das Neue zu sehen.",
      forked: "Du hast anderswo weitergemacht. Lade die Seite neu, um zu sehen, wo du bist.",
      tooLarge: "Das ist zu groß zum Speichern. Bitte kürzen.",
      invalid: (message: string) => `Das wurde abgelehnt: ${message}`,
      unexpected: (id: string) =>
        id
          ? `Etwas ist schiefgegangen. Bitte nochmals versuchen; die Nummer für eine Meldung ist ${id}.`
          : "Etwas ist schiefgegangen. Bitte nochmals versuchen.",
    },
  },
);

/** An error in words a person can act on. */
export function problemText(error: unknown, language: Language): string {
  const t = problems[language];
  if (error instanceof PracticeProblem) return textOf(error, language);
  const code = codeOf(error);
  if (!navigator.onLine || code === "auth/network-request-failed") return t.offline;
  switch (code) {
    case "permission-denied":
    case "not-found":
      return t.denied;
    case "unauthenticated":
      return t.signedOut;
    case "unavailable":
    case "deadline-exceeded":
    case "resource-exhausted":
      return t.unavailable;
    default:
      // fetch rejects with a TypeError when no connection was made.
      return error instanceof TypeError ? t.unavailable : t.unexpected("");
  }
}

/** The code of an error of Firebase, "" of any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function textOf(problem: PracticeProblem, language: Language): string {
  const t = problems[language];
  switch (problem.reason) {
    case "UNAVAILABLE":
      return navigator.onLine ? t.unavailable : t.offline;
    case "RATE_LIMITED":
      return t.rateLimited(Math.ceil(problem.retryAfterSeconds ?? 0));
    case "UNAUTHENTICATED":
      return t.signedOut;
    case "PERMISSION_DENIED":
    case "NOT_FOUND":
    case "CLASS_NOT_FOUND":
    case "MEMBER_NOT_FOUND":
    case "ASSIGNMENT_NOT_FOUND":
      return t.denied;
    case "TEMPLATE_NOT_FOUND":
      return t.templateMissing;
    case "TEMPLATE_ARCHIVED":
      return t.templateArchived;
    case "ASSIGNMENT_NOT_OPEN":
      return t.notOpen;
    case "ASSIGNMENT_CLOSED":
      return t.closed;
    case "SESSION_NOT_FOUND":
      return t.sessionMissing;
    case "SESSION_NOT_ACTIVE":
      return t.sessionEnded;
    case "REVISION_MISMATCH":
    case "CLASS_ARCHIVED":
      return t.changedElsewhere;
    case "CONTEXT_FORKED":
      return t.forked;
    case "PAYLOAD_TOO_LARGE":
      return t.tooLarge;
    case "INVALID_ARGUMENT":
      return t.invalid(problem.errors[0]?.message ?? problem.message);
    default:
      return t.unexpected(problem.requestId ?? "");
  }
}
