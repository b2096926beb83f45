/** Why something couldn't be read: it isn't there, isn't allowed, or there was no answer that can be used. */
export class ReadError extends Error {
  readonly why: "absent" | "forbidden" | "unreachable";

  constructor(why: ReadError["why"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}
