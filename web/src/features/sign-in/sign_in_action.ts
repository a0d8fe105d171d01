import { type Action, useAction } from "@/data/action";
import { isWithoutReply } from "@/data/network";
import { useLanguage, useMessages } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { signIn as messages, signInProblem } from "@/i18n/sign_in";

interface SignInAction<Given extends unknown[]> extends Pick<Action<Given>, "run" | "isBusy"> {
  /** Why it failed, in words. */
  problem: string | undefined;
}

/** What a button of this page does, with its error in words. `isRepeated` is that of useAction. */
export function useSignInAction<Given extends unknown[]>(
  work: (...given: Given) => Promise<unknown>,
  { isRepeated }: { isRepeated: boolean },
): SignInAction<Given> {
  const t = useMessages(messages);
  const { language } = useLanguage();
  const { run, isBusy, error } = useAction(work, { isRepeated });
  const textOf = (failure: unknown) => {
    if (!isRepeated && isWithoutReply(failure)) return t.noReply;
    return signInProblem(failure, language) ?? problemText(failure, language);
  };
  return { run, isBusy, problem: error === undefined ? undefined : textOf(error) };
}
