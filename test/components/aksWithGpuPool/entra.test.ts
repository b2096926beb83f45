import { describe, expect, it } from "vitest";
import {
  type Administrator,
  administratorsOf,
  type EntraArgs,
  entraProfile,
} from "../../../components/aksWithGpuPool/entra.ts";

const person: Administrator = { objectId: "aaaaaaaa-0000-0000-0000-00000000000a", principalType: "User" };
const group = "bbbbbbbb-0000-0000-0000-00000000000b";

describe("entraProfile", () => {
  it("turns local accounts off and Azure's roles on, unless told otherwise", () => {
    expect(entraProfile({})).toEqual({
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: [] },
    });
    expect(entraProfile(undefined)).toEqual({});
  });

  it.each<[string, EntraArgs]>([
    ["a group administers", { azureRbac: false, adminGroupObjectIds: [group] }],
    ["local accounts are on", { azureRbac: false, disableLocalAccounts: false }],
  ])("lets RoleBindings alone decide when %s", (_, entra) => {
    expect(entraProfile(entra).aadProfile).toMatchObject({ enableAzureRBAC: false });
  });

  it.each<[string, EntraArgs, RegExp]>([
    [
      "a cluster that nobody could use",
      { azureRbac: false },
      /^entra.azureRbac: .* must be true, or nobody could get in: .* adminGroupObjectIds names no group$/,
    ],
    [
      "administrators by a role that doesn't count",
      { azureRbac: false, disableLocalAccounts: false, administrators: [person] },
      /^entra.administrators: .* left out, .* use adminGroupObjectIds$/,
    ],
    [
      "an administrator twice",
      { administrators: [person, { ...person, objectId: person.objectId.toUpperCase() }] },
      /^entra.administrators\[1\]: .* someone who isn't listed before$/,
    ],
    [
      "an administrator by name",
      { administrators: [{ ...person, objectId: "me@example.com" }] },
      /^entra.administrators\[0\].objectId: "me@example.com" is not allowed; it must be a GUID/,
    ],
  ])("refuses %s", (_, entra, message) => {
    expect(() => entraProfile(entra)).toThrow(message);
  });
});

describe("administratorsOf", () => {
  it.each<[string, EntraArgs | undefined, ReturnType<typeof administratorsOf>]>([
    ["nobody without Entra ID", undefined, []],
    ["whoever deploys, when nobody else could get in", {}, "deployer"],
    ["whoever deploys, when the list is empty", { administrators: [] }, "deployer"],
    ["those who are listed, and not whoever deploys", { administrators: [person] }, [person]],
    [
      "those who are listed, with local accounts too",
      { administrators: [person], disableLocalAccounts: false },
      [person],
    ],
    ["nobody else with local accounts", { disableLocalAccounts: false }, []],
    ["nobody where roles don't count", { azureRbac: false, adminGroupObjectIds: [group] }, []],
  ])("is %s", (_, entra, expected) => {
    expect(administratorsOf(entra)).toEqual(expected);
  });
});
