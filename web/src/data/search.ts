import { useSearchParams } from "react-router";

/** What a page shows, as its address says it: /gradebook?of=assigned&status=completed. */
export function useSearch() {
  const [search, setSearch] = useSearchParams();
  /** Sets parameters of the address, or removes those that are null. The page stays where it is. */
  const show = (changes: Readonly<Record<string, string | null>>) =>
    setSearch(
      (before) => {
        for (const [name, value] of Object.entries(changes))
          if (value === null) before.delete(name);
          else before.set(name, value);
        return before;
      },
      { replace: true, preventScrollReset: true },
    );
  return { search, show };
}
