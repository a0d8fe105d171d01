import {
  type Auth,
  GoogleAuthProvider,
  browserPopupRedirectResolver,
  createUserWithEmailAndPassword,
  isSignInWithEmailLink,
  sendPasswordResetEmail,
  sendSignInLinkToEmail,
  signInWithEmailAndPassword,
  signInWithEmailLink,
  signInWithPopup,
  updateProfile,
} from "firebase/auth";

import { readSetting, writeSetting } from "@/i18n/settings";

/** Kept until the link is opened: Firebase asks for the address again, lest somebody else uses the link. */
const LINK_EMAIL = "practice.user.link-email";

export async function signInWithPassword(auth: Auth, email: string, password: string): Promise<void> {
  await signInWithEmailAndPassword(auth, email, password);
}

export async function signUp(auth: Auth, name: string, email: string, password: string): Promise<void> {
  const { user } = await createUserWithEmailAndPassword(auth, email, password);
  await updateProfile(user, { displayName: name });
  await user.getIdToken(true); // the listeners learn the name
}

export async function sendLink(auth: Auth, email: string, page: string): Promise<void> {
  await sendSignInLinkToEmail(auth, email, { url: page, handleCodeInApp: true });
  writeSetting(LINK_EMAIL, email);
}

export function isLink(auth: Auth, address: string): boolean {
  return isSignInWithEmailLink(auth, address);
}

/** The address that a link was sent to from this browser. */
export function linkEmail(): string | null {
  return readSetting(LINK_EMAIL);
}

export async function signInByLink(auth: Auth, email: string, address: string): Promise<void> {
  await signInWithEmailLink(auth, email, address);
  writeSetting(LINK_EMAIL, null);
}

export async function signInWithGoogle(auth: Auth): Promise<void> {
  await signInWithPopup(auth, new GoogleAuthProvider(), browserPopupRedirectResolver);
}

export async function resetPassword(auth: Auth, email: string): Promise<void> {
  await sendPasswordResetEmail(auth, email);
}
