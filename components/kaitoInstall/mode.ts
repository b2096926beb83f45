import { InputPropertyError } from "../validation.ts";

/** "byo": this component installs KAITO, for nodes that are there. "addon": AKS runs it, and it makes nodes. */
export type KaitoMode = "byo" | "addon";

/** What must be known of the cluster; an AksWithGpuPool has it. */
export interface KaitoCluster {
  /** Whether AKS's add-on, the AI toolchain operator, is switched on. */
  readonly aiToolchainOperator: boolean;
}

/** What the mode is checked against. */
interface ModeArgs {
  mode?: KaitoMode;
  cluster?: KaitoCluster;
  ragEngine?: boolean;
}

/** KAITO must run once: two controllers would undo each other's work, and two charts own the same CRDs. */
export function checkedMode(args: ModeArgs): KaitoMode {
  const mode = args.mode ?? "byo";
  if (mode !== "byo" && mode !== "addon") {
    throw new InputPropertyError(
      "mode",
      `${JSON.stringify(mode)} is not allowed; it must be "byo" (nodes that are there, KAITO from its chart) or ` +
        `"addon" (AKS's AI toolchain operator)`,
    );
  }
  return mode === "addon" ? addon(args) : byo(args);
}

function byo({ cluster }: ModeArgs): KaitoMode {
  if (cluster?.aiToolchainOperator) {
    throw new InputPropertyError(
      "mode",
      '"byo" would install KAITO a second time, because the cluster has it as an AKS add-on ' +
        '(aiToolchainOperator: true); use mode "addon", or set the cluster\'s aiToolchainOperator to false',
    );
  }
  return "byo";
}

function addon(args: ModeArgs): KaitoMode {
  if (!args.cluster) {
    throw new InputPropertyError(
      "cluster",
      'is missing; mode "addon" needs the cluster, an AksWithGpuPool with aiToolchainOperator: true',
    );
  }
  if (!args.cluster.aiToolchainOperator) {
    throw new InputPropertyError(
      "mode",
      '"addon" needs a cluster that has the add-on; set its aiToolchainOperator to true, or use mode "byo"',
    );
  }
  if (args.ragEngine) {
    throw new InputPropertyError(
      "ragEngine",
      'the AKS add-on has no RAG engine; use mode "byo", or leave ragEngine out',
    );
  }
  const others = ["mode", "cluster", "ragEngine"];
  const idle = Object.entries(args).find(([key, value]) => value !== undefined && !others.includes(key));
  if (idle) {
    throw new InputPropertyError(
      idle[0],
      'has no meaning in mode "addon", where AKS decides what is installed; leave it out, or use mode "byo"',
    );
  }
  return "addon";
}
