import type { Auth } from "firebase/auth";

import { signInWithPassword } from "@/auth/sign_in";
import type { Person } from "@/data/config";
import { useMessages } from "@/i18n";
import { signIn as messages } from "@/i18n/sign_in";
import { Button } from "@/ui/button";

import { Problem } from "./form";
import { useSignInAction } from "./sign_in_action";

/** The people of a demo project, each with a button that signs in. */
export function People({ auth, people }: { auth: Auth; people: Person[] }) {
  const t = useMessages(messages);
  const { run, isBusy, problem } = useSignInAction(
    ({ email, password }: Person) => signInWithPassword(auth, email, password),
    { isRepeated: true },
  );
  return (
    <section className="card" aria-label={t.people}>
      <h2>{t.people}</h2>
      <p className="soft">{t.peopleHint}</p>
      <Problem text={problem} />
      <div className="row">
        {people.map((person) => {
          const isTeacher = person.role === "teacher";
          return (
            <Button
              key={person.email}
              icon={isTeacher ? "teach" : "person"}
              isBusy={isBusy}
              onClick={() => run(person)}
            >
              {isTeacher ? t.teacher(person.name) : t.student(person.name)}
            </Button>
          );
        })}
      </div>
    </section>
  );
}
