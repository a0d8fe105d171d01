import { defineMessages } from ".";

export const signOut = defineMessages(
  {
    anyway: "Sign out anyway",
    stay: "Stay",
    unsent: "This is not stored yet, and signing out removes it from this device:",
    unsentOf: {
      session: "what you did or typed in a practice session",
      practice: "an answer or notes of a practice with the tutor",
      log: "a practice that you entered in the log",
      template: "changes of a template",
    },
    nothingUnsent: "Everything is stored now.",
  },
  {
    de: {
      anyway: "Trotzdem abmelden",
      stay: "Bleiben",
      unsent: "Das ist noch nicht gespeichert, und beim Abmelden wird es von diesem Gerät entfernt:",
      unsentOf: {
        session: "was du in einer Übungssitzung getan oder geschrieben hast",
        practice: "eine Antwort oder Notizen aus einer Übung mit dem Tutor",
        log: "eine Übung, die du eingetragen hast",
        template: "Änderungen an einer Vorlage",
      },
      nothingUnsent: "Jetzt ist alles gespeichert.",
    },
  },
);
