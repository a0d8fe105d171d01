/** Join codes as people see and type them. */

/** "7KQ2M4D" as "7KQ-2M4D": two short groups are read and typed with fewer mistakes. */
export function shown(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}

/** What somebody typed, as the address of the page that joins has it. */
export function typed(text: string): string {
  return text.replace(/[\s\u2010-\u2015-]/g, "").toUpperCase();
}

export function linkTo(code: string): string {
  return `${location.origin}/join/${code}`;
}
