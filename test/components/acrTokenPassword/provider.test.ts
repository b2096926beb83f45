import { describe, expect, it } from "vitest";
import { unknownValue } from "../../../components/acrTokenPassword/issue.ts";
import { check, create, diff, read, update } from "../../../components/acrTokenPassword/provider.ts";
import { FakeTokens, tokenId } from "./fakes.ts";

type Props = Record<string, unknown>;
const day = 86_400_000;
const at = (days: number) => () => new Date(Date.parse("2026-11-01T10:00:00Z") + days * day);
const news = { tokenId, rotationDays: 30, __provider: "text" };

/** What the engine has after an `up`: the inputs, and with what Azure said the outputs. */
async function made(tokens = new FakeTokens()): Promise<{ inputs: Props; outs: Props }> {
  const inputs = (await check({}, news, at(0))).inputs as Props;
  return { inputs, outs: (await create(inputs, tokens)).outs as Props };
}

/** What a further `up` would do, as the engine asks it. */
async function next(state: { inputs: Props; outs: Props }, days: number, change: Props = {}) {
  const inputs = (await check(state.inputs, { ...news, ...change }, at(days))).inputs as Props;
  return { inputs, ...(await diff(tokenId, state.outs, inputs)) };
}

describe("a first up", () => {
  it("makes the first password, valid for twice the days, and keeps what came with it", async () => {
    const tokens = new FakeTokens();
    const { inputs, outs } = await made(tokens);
    expect(inputs).toEqual({
      ...news,
      issuedAt: "2026-11-01T10:00:00Z",
      expiresAt: "2026-12-31T10:00:00Z",
    });
    expect(tokens.calls).toEqual(["generate push-phi password1 until 2026-12-31T10:00:00.000Z"]);
    expect(outs).toEqual({
      ...inputs,
      passwordName: "password1",
      password: "value-1",
      createdAt: "2026-11-01T00:00:01.000Z",
    });
    expect((await create(inputs, tokens)).id).toBe(tokenId);
  });

  it("lets the older password go when the token has two that the state doesn't know of", async () => {
    const tokens = new FakeTokens({
      enabled: true,
      passwords: [
        { name: "password1", createdAt: "2026-02-01T00:00:00.000Z" },
        { name: "password2", createdAt: "2026-01-01T00:00:00.000Z" },
      ],
    });
    expect((await made(tokens)).outs["passwordName"]).toBe("password2");
  });

  it("decides nothing in a preview that doesn't know the token yet", async () => {
    const { inputs } = await check({}, { ...news, tokenId: unknownValue }, at(0));
    expect(inputs).toMatchObject({ issuedAt: unknownValue, expiresAt: unknownValue });
  });
});

describe("a further up", () => {
  it.each([0, 1, 29.99])("changes nothing after %d days", async (days) => {
    expect(await next(await made(), days)).toMatchObject({ changes: false, replaces: [] });
  });

  it("shows a due rotation in the preview, by its dates, and then makes the other password", async () => {
    const tokens = new FakeTokens();
    const state = await made(tokens);
    const { inputs, changes, replaces } = await next(state, 30);
    expect([changes, replaces]).toEqual([true, []]);
    expect(inputs).toMatchObject({
      issuedAt: "2026-12-01T10:00:00Z",
      expiresAt: "2027-01-30T10:00:00Z",
    });
    const { outs } = await update(tokenId, state.outs, inputs, tokens);
    expect(outs).toMatchObject({ ...inputs, passwordName: "password2", password: "value-2" });
    expect(tokens.token?.passwords.map(({ name }) => name)).toEqual(["password1", "password2"]);
    expect(await next({ inputs, outs }, 31)).toMatchObject({ changes: false });

    const third = await next({ inputs, outs }, 60);
    expect((await update(tokenId, outs, third.inputs, tokens)).outs).toMatchObject({
      passwordName: "password1",
      password: "value-3",
    });
  });

  it("rotates at once when rotate has another text, and once only", async () => {
    const tokens = new FakeTokens();
    const state = await made(tokens);
    const { inputs, changes } = await next(state, 1, { rotate: "leaked" });
    expect(changes).toBe(true);
    const { outs } = await update(tokenId, state.outs, inputs, tokens);
    expect(outs["password"]).toBe("value-2");
    expect(await next({ inputs, outs }, 2, { rotate: "leaked" })).toMatchObject({ changes: false });
  });

  it("replaces the password of another token, and of one that isn't known yet", async () => {
    const state = await made();
    for (const other of [tokenId.replace("push-phi", "push-it"), unknownValue]) {
      expect(await next(state, 1, { tokenId: other })).toMatchObject({
        changes: true,
        replaces: ["tokenId"],
      });
    }
  });

  it("is indifferent to the provider's text and to arguments that are nothing", async () => {
    const state = await made();
    expect(await next(state, 1, { __provider: "other text", rotate: null })).toMatchObject({
      changes: false,
    });
  });

  it("keeps a password whose issue stays, whatever else an update is for", async () => {
    const tokens = new FakeTokens();
    const { outs } = await made(tokens);
    const kept = await update(tokenId, outs, { ...outs, passwordName: undefined, extra: 1 }, tokens);
    expect(kept.outs).toMatchObject({ password: "value-1", extra: 1 });
    expect(tokens.calls).toHaveLength(1);
  });
});

describe("a refresh", () => {
  it("changes nothing while token and password are there", async () => {
    const tokens = new FakeTokens();
    const { outs } = await made(tokens);
    expect(await read(tokenId, outs, tokens)).toEqual({ id: tokenId, props: outs });
  });

  it.each([
    ["the token is gone", undefined],
    ["its password was removed", { enabled: true, passwords: [] }],
    [
      "only the other password is there",
      { enabled: true, passwords: [{ name: "password2", createdAt: "2026-11-01T00:00:01.000Z" }] },
    ],
    [
      "somebody generated the password anew",
      { enabled: true, passwords: [{ name: "password1", createdAt: "2026-11-01T00:00:09.000Z" }] },
    ],
  ])("finds that %s", async (_, token) => {
    const tokens = new FakeTokens();
    const { outs } = await made(tokens);
    tokens.token = token;
    expect(await read(tokenId, outs, tokens)).toEqual({});
  });

  it("goes by the name when Azure told no time of creation", async () => {
    const tokens = new FakeTokens();
    const { createdAt, ...outs } = (await made(tokens)).outs;
    expect(await read(tokenId, outs, tokens)).toEqual({ id: tokenId, props: outs });
  });
});

describe("what a person has to see to", () => {
  it("a token that is gone", async () => {
    const tokens = new FakeTokens();
    tokens.token = undefined;
    await expect(made(tokens)).rejects.toThrow(
      /^there is no token push-phi in the registry demoreg1 of the resource group rg; .*pulumi refresh/,
    );
    expect(tokens.calls).toEqual([]);
  });

  it("a token that is disabled, when it is made and when it rotates", async () => {
    const disabled =
      /^the token push-phi of the registry demoreg1 is disabled; .*az acr token update --registry demoreg1 --name push-phi --status enabled/;
    const tokens = new FakeTokens();
    const state = await made(tokens);
    tokens.token = { enabled: false, passwords: [] };
    await expect(made(tokens)).rejects.toThrow(disabled);
    const { inputs } = await next(state, 40);
    await expect(update(tokenId, state.outs, inputs, tokens)).rejects.toThrow(disabled);
    expect(tokens.calls).toHaveLength(1);
  });
});
