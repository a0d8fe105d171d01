import { type Language, defineMessages } from ".";
import { codeOf } from "./problems";

export const signIn = defineMessages(
  {
    title: "Sign in",
    welcome: (brand: string) => `Welcome to ${brand}`,
    ways: "Ways to sign in",
    signIn: "Sign in",
    signUp: "Create an account",
    link: "By e-mail link",
    name: "Your name",
    email: "E-mail",
    password: "Password",
    passwordHint: "At least 6 characters.",
    forgotten: "Forgotten the password?",
    emailFirst: "Please enter your e-mail address first.",
    resetSent: (email: string) => `A link to set a new password is on its way to ${email}.`,
    linkHint: "You get a link that signs you in, without a password.",
    sendLink: "Send the link",
    linkSent: (email: string) => `The link is on its way to ${email}. Open it on this device.`,
    confirmEmail: "Please confirm the address that the link was sent to.",
    otherWay: "Sign in another way",
    google: "Continue with Google",
    noReply: "There is no connection. Please try again when the network is back.",
    people: "People of this demo",
    peopleHint: "This is a demo project: sign in as one of them with one press.",
    teacher: (name: string) => `${name}, teacher`,
    student: (name: string) => `${name}, student`,
  },
  {
    de: {
      title: "Anmelden",
      welcome: (brand: string) => `Willkommen bei ${brand}`,
      ways: "Arten der Anmeldung",
      signIn: "Anmelden",
      signUp: "Konto anlegen",
      link: "Mit Link per E-Mail",
      name: "Dein Name",
      email: "E-Mail",
      password: "Passwort",
      passwordHint: "Mindestens 6 Zeichen.",
      forgotten: "Passwort vergessen?",
      emailFirst: "Bitte zuerst die E-Mail-Adresse eingeben.",
      resetSent: (email: string) => `Ein Link für ein neues Passwort ist unterwegs an ${email}.`,
      linkHint: "Du bekommst einen Link, der dich ohne Passwort anmeldet.",
      sendLink: "Link senden",
      linkSent: (email: string) => `Der Link ist unterwegs an ${email}. Öffne ihn auf diesem Gerät.`,
      confirmEmail: "Bitte bestätige die Adresse, an die der Link ging.",
      otherWay: "Anders anmelden",
      google: "Weiter mit Google",
      noReply: "Es gibt keine Verbindung. Bitte nochmals versuchen, sobald das Netz zurück ist.",
      people: "Personen dieser Demo",
      peopleHint: "Dies ist ein Demo-Projekt: Melde dich mit einem Klick als eine von ihnen an.",
      teacher: (name: string) => `${name}, Lehrkraft`,
      student: (name: string) => `${name}, lernende Person`,
    },
  },
);

const problems = defineMessages(
  {
    wrong: "E-mail address or password are not right.",
    exists: "There is an account with this address already. Sign in instead.",
    weak: "Please choose a password of at least 6 characters.",
    address: "This is no valid e-mail address.",
    link: "The link is used up or too old. Please ask for another one.",
    many: "Too many attempts. Please wait a few minutes.",
    closed: "The window was closed before the sign-in was done.",
    blocked: "The browser blocked the window. Please allow it, and try again.",
    disabled: "This account is disabled.",
    notAllowed: "This way to sign in is not switched on here.",
  },
  {
    de: {
      wrong: "E-Mail-Adresse oder Passwort stimmen nicht.",
      exists: "Mit dieser Adresse gibt es schon ein Konto. Melde dich stattdessen an.",
      weak: "Bitte ein Passwort mit mindestens 6 Zeichen wählen.",
      address: "Das ist keine gültige E-Mail-Adresse.",
      link: "Der Link ist verbraucht oder zu alt. Bitte einen neuen anfordern.",
      many: "Zu viele Versuche. Bitte einige Minuten warten.",
      closed: "Das Fenster wurde vor dem Ende der Anmeldung geschlossen.",
      blocked: "Der Browser hat das Fenster blockiert. Bitte erlauben und nochmals versuchen.",
      disabled: "Dieses Konto ist gesperrt.",
      notAllowed: "Diese Art der Anmeldung ist hier nicht eingeschaltet.",
    },
  },
);

const BY_CODE: Readonly<Record<string, keyof typeof problems.en>> = {
  "auth/invalid-credential": "wrong",
  "auth/user-not-found": "wrong",
  "auth/wrong-password": "wrong",
  "auth/email-already-in-use": "exists",
  "auth/weak-password": "weak",
  "auth/password-does-not-meet-requirements": "weak",
  "auth/invalid-email": "address",
  "auth/missing-email": "address",
  "auth/invalid-action-code": "link",
  "auth/expired-action-code": "link",
  "auth/too-many-requests": "many",
  "auth/popup-closed-by-user": "closed",
  "auth/cancelled-popup-request": "closed",
  "auth/popup-blocked": "blocked",
  "auth/user-disabled": "disabled",
  "auth/operation-not-allowed": "notAllowed",
};

/** The error of a sign-in in words, undefined if it is another one. */
export function signInProblem(error: unknown, language: Language): string | undefined {
  const name = BY_CODE[codeOf(error)];
  return name && problems[language][name];
}
