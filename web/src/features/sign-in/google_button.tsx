import type { Auth } from "firebase/auth";

import { signInWithGoogle } from "@/auth/sign_in";
import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";
import { Button } from "@/ui/button";

import { Problem } from "./form";
import { useSignInAction } from "./sign_in_action";

export function GoogleButton({ auth }: { auth: Auth }) {
  const t = useMessages(messages);
  // Browsers open a window after a press alone.
  const { run, isBusy, problem } = useSignInAction(() => signInWithGoogle(auth), { isRepeated: false });
  return (
    <>
      <Problem text={problem} />
      <Button isBusy={isBusy} onClick={run}>
        {t.google}
      </Button>
    </>
  );
}
