/** Something that a person can put right: it is shown as a message, without a stack trace. */
export class RehearsalError extends Error {
  override readonly name = "RehearsalError";
  /** What to do next, one line. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
