import type { PasswordName } from "../../../components/acrTokenPassword/issue.ts";
import type { NewPassword, TokenFacts, Tokens } from "../../../components/acrTokenPassword/tokens.ts";

export const tokenId =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/demoreg1/tokens/push-phi";

/** Azure with one token, or with none; values count up. */
export class FakeTokens implements Tokens {
  token: TokenFacts | undefined;
  /** What was asked for, without the reads. */
  readonly calls: string[] = [];
  #made = 0;

  constructor(token: TokenFacts | undefined = { enabled: true, passwords: [] }) {
    this.token = token;
  }

  async find(): Promise<TokenFacts | undefined> {
    return this.token;
  }

  async generate(id: string, name: PasswordName, expiry: Date): Promise<NewPassword> {
    this.calls.push(`generate ${id.split("/").at(-1)} ${name} until ${expiry.toISOString()}`);
    this.#made += 1;
    const createdAt = `2026-11-01T00:00:0${this.#made}.000Z`;
    const others = this.token?.passwords.filter((one) => one.name !== name) ?? [];
    this.token = { enabled: true, passwords: [...others, { name, createdAt }] };
    return { value: `value-${this.#made}`, createdAt };
  }
}
