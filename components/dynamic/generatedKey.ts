import * as pulumi from "@pulumi/pulumi";

/**
 * A key that nobody has to think of: 64 hexadecimal digits, made once and kept as a secret in the stack's
 * state. `pulumi up --replace <urn>` makes another.
 */
export class GeneratedKey extends pulumi.dynamic.Resource {
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    const secret = { ...opts, additionalSecretOutputs: ["value"] };
    super(generatedKeyProvider, name, { value: undefined }, secret, "mcpaas", "GeneratedKey");
  }
}

/**
 * The engine stores the text of these methods in the state and evaluates it elsewhere: they capture nothing.
 */
export const generatedKeyProvider: pulumi.dynamic.ResourceProvider = {
  async create() {
    const { randomBytes } = process.getBuiltinModule("node:crypto");
    return { id: "generated-key", outs: { value: randomBytes(32).toString("hex") } };
  },
  async diff() {
    // Also when this text changes: the key stays.
    return { changes: false };
  },
};
