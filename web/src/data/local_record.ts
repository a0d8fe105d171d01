import { localKey, readLocal, writeLocal } from "./local_state";

/**
 * One value of this browser that tabs share: every change begins at what is stored now. Where the
 * browser stores nothing, the page keeps the value, and `isStored` is false.
 *
 * Once there, a value that is gone was removed on purpose, by signing out or by another tab that is
 * done with it. It is not written again then, so that nothing of a person comes back.
 */
export class LocalRecord<Value> {
  /** Whether a page that is opened later finds the last change. */
  isStored = true;
  private wasThere = false;

  constructor(
    private readonly uid: string,
    private readonly name: string,
    private readonly initial: Value,
  ) {}

  read(): Value {
    const found = this.find();
    return found === undefined ? this.initial : found;
  }

  /** The value after the change. */
  change(step: (value: Value) => Value): Value {
    const found = this.find();
    if (found === undefined && this.wasThere) return this.initial;
    const after = step(found === undefined ? this.initial : found);
    this.isStored = writeLocal(this.uid, this.name, after);
    this.find();
    return after;
  }

  remove(): void {
    writeLocal(this.uid, this.name, undefined);
    this.isStored = true;
  }

  /** Begins with the initial value, although another tab has removed what was there. */
  begin(): void {
    this.wasThere = false;
  }

  /** Tells when another tab has changed or removed the value; the result ends it. */
  subscribe(listener: () => void): () => void {
    const key = localKey(this.uid, this.name);
    const listen = (event: StorageEvent) => {
      if (event.key === key || event.key === null) listener();
    };
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  }

  private find(): Value | undefined {
    const found = readLocal(this.uid, this.name) as Value | undefined;
    this.wasThere ||= found !== undefined;
    return found;
  }
}
