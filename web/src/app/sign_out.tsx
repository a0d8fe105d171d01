import { useState } from "react";

import { useUser } from "@/auth/session";
import { unsentWork } from "@/data/unsent";
import { later } from "@/ui/later";

const SignOutDialog = later(() => import("./sign_out_dialog"));

/** Signs out; where work is not stored yet, which signing out removes, the dialog asks first. */
export function useSignOut() {
  const { uid, signOut } = useUser();
  const [isAsking, setAsking] = useState(false);
  return {
    signOut: () => {
      if (unsentWork(uid).length > 0) setAsking(true);
      else void signOut();
    },
    dialog: isAsking && <SignOutDialog onClose={() => setAsking(false)} />,
  };
}
