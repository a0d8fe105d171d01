// Signs in through Firebase's SDK in every way that a stack has, and prints what came of it. `url` is
// that of the stack, or of Firebase's Auth emulator.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
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
  const { uid, email, emailVerified, displayName, photoURL } = credential.user;
  const isNew = sdk.getAdditionalUserInfo(credential)?.isNewUser ?? null;
  const providers = credential.user.providerData.map((provider) => provider.providerId);
  const about = { uid, email, emailVerified, displayName, photoURL, signInProvider, providers };
  return { ...about, role: claims.role ?? null, isNew };
}

async function lastLink(email) {
  const response = await fetch(`${url}/emulator/v1/projects/${project}/oobCodes`);
  const { oobCodes } = await response.json();
  return oobCodes.filter((sent) => sent.email === email).at(-1);
}

async function refusalOf(idToken) {
  const lookup = `${url}/identitytoolkit.googleapis.com/v1/accounts:lookup?key=local`;
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(lookup, { method: "POST", headers, body: JSON.stringify({ idToken }) });
  return (await response.json()).error?.message ?? "no error";
}

// The same claims as a minute ago. No token of the stack or of the emulator is signed.
function older(token) {
  const [header, payload] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url"));
  const before = { ...claims, iat: claims.iat - 60, auth_time: claims.auth_time - 60 };
  return `${header}.${Buffer.from(JSON.stringify(before)).toString("base64url")}.`;
}

// The app's page, which a link in a message leads to.
const server = createServer((request, response) => response.end());
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const app = `http://127.0.0.1:${server.address().port}`;

const found = {};
const password = (email, text) => sdk.signInWithEmailAndPassword(auth, email, text);
const unique = Math.random().toString(36).slice(2);
const pat = `Pat-${unique}@School.example`;

// The stack's people.
found.teacher = await signedIn(await password("teacher-1@example.com", "practice"));
found.student = await signedIn(await password("Student-1@example.com", "practice"));
found.token = await auth.currentUser.getIdToken();
found.metadata = auth.currentUser.metadata;
found.methods = await sdk.fetchSignInMethodsForEmail(auth, "student-1@example.com");
found.methodsOfNobody = await sdk.fetchSignInMethodsForEmail(auth, `nobody-${unique}@example.com`);
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
await sdk.updateProfile(auth.currentUser, { photoURL: "https://example.com/pat.png" });
await sdk.updatePassword(auth.currentUser, "another password");
await auth.currentUser.getIdToken(true);
await auth.currentUser.reload();
found.renamed = auth.currentUser.displayName;
found.pictured = auth.currentUser.photoURL;
await sdk.signOut(auth);
found.oldPassword = await codeOf(password(pat, "a password"));
found.again = await signedIn(await password(pat, "another password"));

// The address of an account is verified.
await sdk.sendEmailVerification(auth.currentUser, { url: `${app}/verified` });
const verification = await lastLink(pat.toLowerCase());
found.verificationType = verification.requestType;
found.verifies = (await sdk.checkActionCode(auth, verification.oobCode)).data.email;
await sdk.applyActionCode(auth, verification.oobCode);
found.verifiedTwice = await codeOf(sdk.applyActionCode(auth, verification.oobCode));
await auth.currentUser.reload();
found.verified = auth.currentUser.emailVerified;

// A forgotten password.
await sdk.sendPasswordResetEmail(auth, pat, { url: `${app}/reset` });
const reset = (await lastLink(pat.toLowerCase())).oobCode;
found.resetAsLink = await codeOf(
  sdk.signInWithEmailLink(auth, pat, `${app}/?mode=signIn&apiKey=local&oobCode=${reset}`),
);
found.resetFor = await sdk.verifyPasswordResetCode(auth, reset);
found.weakReset = await codeOf(sdk.confirmPasswordReset(auth, reset, "12345"));
await sdk.confirmPasswordReset(auth, reset, "a third password");
found.resetTwice = await codeOf(sdk.confirmPasswordReset(auth, reset, "a fourth password"));
found.afterReset = await signedIn(await password(pat, "a third password"));
found.tokenBeforeReset = await refusalOf(older(await auth.currentUser.getIdToken()));
found.resetOfNobody = await codeOf(sdk.sendPasswordResetEmail(auth, `no-${unique}@example.com`));

// A link by e-mail.
const lou = `lou-${unique}@school.example`;
const page = { url: `${app}/signed-in?from=mail`, handleCodeInApp: true };
await sdk.sendSignInLinkToEmail(auth, lou, page);
const sent = await lastLink(lou);
found.sent = Object.keys(sent).sort();
const link = (await fetch(sent.oobLink)).url; // where a browser gets to
found.isLink = sdk.isSignInWithEmailLink(auth, link);
found.linkLeadsTo = link.replace(app, "").split("&")[0];
found.linkHas = [...new URL(link).searchParams.keys()].sort();
found.checked = (await sdk.checkActionCode(auth, sent.oobCode)).operation;
found.otherAddress = await codeOf(sdk.signInWithEmailLink(auth, pat, link));
found.byLink = await signedIn(await sdk.signInWithEmailLink(auth, lou, link));
found.linkTwice = await codeOf(sdk.signInWithEmailLink(auth, lou, link));

// Google.
const google = (claims) =>
  sdk.signInWithCredential(auth, sdk.GoogleAuthProvider.credential(JSON.stringify(claims)));
const kim = {
  sub: unique,
  email: `Kim-${unique}@gmail.com`,
  email_verified: true,
  name: "Kim Ode",
  given_name: "Kim",
  picture: "https://example.com/kim.png",
};
const first = await google(kim);
found.google = await signedIn(first);
found.profile = sdk.getAdditionalUserInfo(first).profile;
found.firebaseClaim = (await auth.currentUser.getIdTokenResult()).claims.firebase;
found.googleCredential = sdk.GoogleAuthProvider.credentialFromResult(first)?.providerId ?? null;
found.googleAgain = await signedIn(await google({ ...kim, name: "Kimberly" }));
found.withoutSub = await codeOf(google({ email: `x-${unique}@gmail.com` }));
found.unverified = await codeOf(google({ ...kim, sub: `other-${unique}`, email: lou, email_verified: false }));
found.linked = await signedIn(await google({ ...kim, sub: `lou-${unique}`, email: lou }));
const kai = `kai-${unique}@gmail.com`;
found.squatter = await signedIn(await create(kai, "a password"));
const squatted = older(await auth.currentUser.getIdToken());
found.claimed = await signedIn(await google({ ...kim, sub: `kai-${unique}`, email: kai }));
found.tokenOfSquatter = await refusalOf(squatted);
found.squatterAgain = await codeOf(password(kai, "a password"));
await google(kim);

// The end of an account.
const kept = await auth.currentUser.getIdToken();
await sdk.deleteUser(auth.currentUser);
found.deleted = auth.currentUser;
found.tokenOfDeleted = await refusalOf(kept);

server.close();
console.log(JSON.stringify(found));
process.exit(0);
