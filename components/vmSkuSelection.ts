import * as pulumi from "@pulumi/pulumi";
import { thinCheckingProvider } from "./dynamic/thinProvider.ts";
import type { SkuVerdict, VmPoolRequest } from "./vmSkuSelection/types.ts";

export type {
  QuotaRaise,
  SkuSource,
  SkuVerdict,
  VerdictCode,
  VmPoolRequest,
} from "./vmSkuSelection/types.ts";

/** Raised when the meaning of the stored state changes, so that every stack updates its copy once. */
const providerVersion = 1;

/** Arguments of {@link VmSkuSelection}. */
export interface VmSkuSelectionArgs {
  /** The subscription whose quota counts, as a GUID. */
  subscriptionId: pulumi.Input<string>;
  /** The Azure region, for example `eastus`. A region without VM sizes gives `not-offered` for all. */
  location: pulumi.Input<string>;
  /**
   * The node pools by their names in AKS. Quota is handed out in this order, so put what must not
   * be starved first.
   */
  pools: pulumi.Input<Record<string, pulumi.Input<VmPoolRequest>>>;
  /**
   * ARM id of the cluster that has (or will have) the pools. What its nodes use already is not
   * held against them. Without it a choice once made is kept even when the quota looks used up.
   * @default no cluster
   */
  clusterId?: pulumi.Input<string>;
  /** Regions to suggest when nothing fits; none of them is ever chosen. @default [] */
  otherLocations?: pulumi.Input<string[]>;
  /**
   * Change it, to whatever value, to choose anew. It may replace pools; an `inline` one that the
   * cluster has stays as it is. @default ""
   */
  reselect?: pulumi.Input<string>;
  /** Fail when Azure can't be asked, instead of going on with a warning. @default false */
  strict?: pulumi.Input<boolean>;
}

/**
 * The VM size of each node pool, chosen by what the subscription may run in the region.
 *
 * The choice is made while inputs are checked, so it and its reasons show in `pulumi preview`. It
 * then stays until `reselect` changes or the size can't be used any more. Costs nothing: it makes
 * no resource in Azure, and needs the Reader role on the subscription.
 *
 * Quota is necessary, not sufficient: whether Azure has capacity shows only when nodes start.
 */
export class VmSkuSelection extends pulumi.dynamic.Resource {
  /** The VM size of each pool. */
  declare readonly vmSizes: pulumi.Output<Record<string, string>>;
  /** Whether Azure confirmed the choice when it was made. */
  declare readonly verified: pulumi.Output<boolean>;
  /** The verdicts on each pool's candidates when the choice was made, in the order they were tried. */
  declare readonly verdicts: pulumi.Output<Record<string, SkuVerdict[]>>;

  constructor(name: string, args: VmSkuSelectionArgs, opts?: pulumi.CustomResourceOptions) {
    const props = {
      ...args,
      // The engine sorts the keys of an object, so the order travels on its own.
      poolOrder: pulumi.output(args.pools).apply((pools) => Object.keys(pools)),
      providerVersion,
      vmSizes: undefined,
      verified: undefined,
      verdicts: undefined,
    };
    super(provider, name, props, opts, "mcpaas", "VmSkuSelection");
  }
}

const provider =
  thinCheckingProvider<typeof import("./vmSkuSelection/provider.ts")>("vmSkuSelection/provider");
