/** Read once from /config.json, so that one build serves every project. docs/web.md describes the fields. */
export interface Config {
  projectId: string;
  apiKey: string;
  authDomain?: string;
  /** One base URL of all functions, or the URL of each by its name. Default: the origin of the page. */
  functions?: string | Record<string, string>;
  /** The address of the Auth emulator, or of the local stack's own sign-in. */
  authEmulator?: string;
  /** The host and port of the Firestore emulator. */
  firestoreEmulator?: string;
  signIn: SignInMethod[];
  /** People who may sign in on a demo project. */
  people?: Person[];
  brand?: { name?: string };
}

export type SignInMethod = "password" | "emailLink" | "google";

export interface Person {
  name: string;
  email: string;
  password: string;
  role: "teacher" | "student";
}

export async function loadConfig(): Promise<Config> {
  const response = await fetch("/config.json", { cache: "no-cache" });
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return (await response.json()) as Config;
}
