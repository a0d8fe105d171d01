// Signs in to a stack through Firebase's SDK in every way that it has, and prints what came of it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { packages, url, project } = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(packages);
const { initializeApp } = require("firebase/app");
const sdk = require("firebase/auth");

const auth = sdk.getAuth(initializeApp({ apiKey: "local", projectId: project }));
sdk.connectAuthEmulator(auth, url, { disableWarnings: true });

async function codeOf(promise) {
  try {
    await promise;
    return "no error";
  } catch (error) {
    return error.code;
  }
}

async function signedIn(credential) {
  const { claims, signInProvider } = await credential.user.getIdTokenResult();
  const { uid, email, emailVerified, displayName } = credential.user;
  const isNew = sdk.getAdditionalUserInfo(credential)?.isNewUser ?? null;
  return { uid, email, emailVerified, displayName, signInProvider, role: claims.role ?? null, isNew };
}

async function lastLink(email) {
  const response = await fetch(`${url}/emulator/v1/projects/${project}/oobCodes`);
  const { oobCodes } = await response.json();
  return oobCodes.filter((sent) => sent.email === email).at(-1);
}

const found = {};
const password = (email, text) => sdk.signInWithEmailAndPassword(auth, email, text);
const unique = Math.random().toString(36).slice(2);
const pat = `Pat-${unique}@School.example`;

// The stack's people.
found.teacher = await signedIn(await password("teacher-1@example.com", "practice"));
found.student = await signedIn(await password("Student-1@example.com", "practice"));
found.token = await auth.currentUser.getIdToken();
found.wrongPassword = await codeOf(password("student-1@example.com", "guess"));
found.nobody = await codeOf(password(`nobody-${unique}@example.com`, "practice"));
found.personChanged = await codeOf(sdk.updatePassword(auth.currentUser, "another one"));
found.personDeleted = await codeOf(sdk.deleteUser(auth.currentUser));

// Sign-up.
const create = (email, text) => sdk.createUserWithEmailAndPassword(auth, email, text);
found.weak = await codeOf(create(pat, "12345"));
found.noAddress = await codeOf(create("pat", "a password"));
found.anonymous = await codeOf(sdk.signInAnonymously(auth));
found.signedUp = await signedIn(await create(pat, "a password"));
found.twice = await codeOf(create(pat.toUpperCase(), "a password"));
found.person = await codeOf(create("teacher-1@example.com", "a password"));
await sdk.updateProfile(auth.currentUser, { displayName: "Pat" });
await sdk.updatePassword(auth.currentUser, "another password");
await auth.currentUser.getIdToken(true);
await auth.currentUser.reload();
found.renamed = auth.currentUser.displayName;
await sdk.signOut(auth);
found.oldPassword = await codeOf(password(pat, "a password"));
found.again = await signedIn(await password(pat, "another password"));

// A forgotten password.
await sdk.sendPasswordResetEmail(auth, pat, { url: "http://localhost/reset" });
const reset = (await lastLink(pat.toLowerCase())).oobCode;
found.resetFor = await sdk.verifyPasswordResetCode(auth, reset);
found.weakReset = await codeOf(sdk.confirmPasswordReset(auth, reset, "12345"));
await sdk.confirmPasswordReset(auth, reset, "a third password");
found.resetTwice = await codeOf(sdk.confirmPasswordReset(auth, reset, "a fourth password"));
found.afterReset = await signedIn(await password(pat, "a third password"));
found.resetOfNobody = await codeOf(sdk.sendPasswordResetEmail(auth, `no-${unique}@example.com`));

// A link by e-mail.
const lou = `lou-${unique}@school.example`;
const page = { url: "http://localhost/signed-in?from=mail", handleCodeInApp: true };
await sdk.sendSignInLinkToEmail(auth, lou, page);
const link = (await lastLink(lou)).oobLink;
found.isLink = sdk.isSignInWithEmailLink(auth, link);
found.linkKeepsQuery = new URL(link).searchParams.get("from");
found.otherAddress = await codeOf(sdk.signInWithEmailLink(auth, pat, link));
found.byLink = await signedIn(await sdk.signInWithEmailLink(auth, lou, link));
found.linkTwice = await codeOf(sdk.signInWithEmailLink(auth, lou, link));

// Google.
const google = (claims) =>
  sdk.signInWithCredential(auth, sdk.GoogleAuthProvider.credential(JSON.stringify(claims)));
const kim = { sub: unique, email: `kim-${unique}@gmail.com`, name: "Kim" };
found.google = await signedIn(await google(kim));
found.googleAgain = await signedIn(await google(kim));

// The end of an account.
const kept = await auth.currentUser.getIdToken();
await sdk.deleteUser(auth.currentUser);
found.deleted = auth.currentUser;
const lookup = await fetch(`${url}/identitytoolkit.googleapis.com/v1/accounts:lookup?key=local`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ idToken: kept }),
});
found.tokenOfDeleted = (await lookup.json()).error.message;

console.log(JSON.stringify(found));
process.exit(0);
