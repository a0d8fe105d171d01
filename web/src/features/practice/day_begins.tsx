import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { DAY_BEGINS } from "@/data/local_days";
import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { daily } from "@/i18n/daily";
import { Select } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { useToast } from "@/ui/toasts";

const HOURS = ["00:00", "01:00", "02:00", "03:00", "04:00", "05:00", "06:00"];

/** The time at which the student's days begin. A pack of today exists, so that setting it makes none. */
export function DayBegins() {
  const t = useMessages(daily);
  const { driver } = useBackEnd();
  const toast = useToast();
  const { data: student, mutate } = useRead(["statistics"], () => driver.sessions.statistics());
  const { run, error, retry, isBusy } = useAction(async (begins: string) => {
    await driver.dailyPack({ day_begins: begins });
    const changed = await mutate(driver.sessions.statistics());
    toast(changed?.day_begins === begins ? t.dayBeginsSet(begins) : t.dayBeginsLater);
  });
  if (student === undefined) return null;
  const begins = student?.day_begins ?? DAY_BEGINS;
  return (
    <>
      <Select
        label={t.dayBegins}
        hint={t.dayBeginsHint}
        value={begins}
        disabled={isBusy}
        onChange={({ target }) => run(target.value)}
      >
        {[...new Set([...HOURS, begins])].sort().map((time) => (
          <option key={time}>{time}</option>
        ))}
      </Select>
      {error !== undefined && <ErrorNotice error={error} retry={retry} isRetrying={isBusy} />}
    </>
  );
}
