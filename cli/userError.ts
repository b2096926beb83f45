/** How a command ends; scripts rely on these numbers. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  noneFits: 3,
  azureUnavailable: 4,
  endpointUnavailable: 4,
} as const;

/** What went wrong in words for the person who typed the command, and the exit code to end with. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}
