import { readLocal, writeLocal } from "./local_state";

/**
 * One value of this browser that tabs share: every change begins at what is stored now. Where the
 * browser stores nothing, the page keeps the value.
 *
 * Once stored, a value that is gone was removed on purpose, by signing out or by another tab that is
 * done with it. It is not written again then, so that nothing of a person comes back.
 */
export class LocalRecord<Value> {
  private kept: Value;
  private wasStored = false;

  constructor(
    private readonly uid: string,
    private readonly name: string,
    private readonly initial: Value,
  ) {
    this.kept = initial;
  }

  read(): Value {
    const stored = readLocal(this.uid, this.name) as Value | undefined;
    if (stored !== undefined) {
      this.wasStored = true;
      this.kept = stored;
    } else if (this.wasStored) {
      this.kept = this.initial;
    }
    return this.kept;
  }

  /** The value after the change. */
  change(step: (value: Value) => Value): Value {
    const before = this.read();
    const after = step(before);
    if (this.wasStored && readLocal(this.uid, this.name) === undefined) return before;
    this.kept = after;
    writeLocal(this.uid, this.name, after);
    this.wasStored ||= readLocal(this.uid, this.name) !== undefined;
    return after;
  }

  remove(): void {
    writeLocal(this.uid, this.name, undefined);
    this.kept = this.initial;
  }
}
