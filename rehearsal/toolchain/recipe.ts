import { fileURLToPath } from "node:url";

/** The folder that holds go.mod, go.sum and the sources of the toolchain. */
export const moduleDir = fileURLToPath(new URL(".", import.meta.url));

/** The Pulumi CLI's version; @pulumi/pulumi in package.json has to be the same. */
export const pulumiVersion = "3.230.0";

/** The kubernetes plugin's version; @pulumi/kubernetes in package.json has to be the same. */
export const kubernetesPluginVersion = "4.25.0";

/** A program that is built from source. */
export interface Program {
  /** What the file is called in the toolchain's `bin` folder. */
  name: string;
  /** The Go package. */
  package: string;
  pinnedIn?: GoModule;
}

/** The folders in `moduleDir` of the modules beside the toolchain's own. */
export const otherModules = ["cert-manager", "keda", "prometheus"] as const;

/**
 * A Go module of the toolchain, by its folder in `moduleDir`. They pin other releases of the same libraries, and a
 * program or a file comes out of the one that pins it. @default "."
 */
export type GoModule = "." | (typeof otherModules)[number];

/**
 * Build tags of a module's programs. Prometheus finds targets in two dozen clouds, whose SDKs take longer to compile
 * than all the rest of it: of them only Kubernetes is asked for. Source: plugins/ of prometheus v0.313.5.
 */
export const buildTags: Readonly<Partial<Record<GoModule, string>>> = {
  prometheus: "remove_all_sd,enable_kubernetes_sd",
};

/** The programs, in the order that gives the engine and the control plane to a person who reads the list. */
export const programs: readonly Program[] = [
  { name: "pulumi", package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
  { name: "pulumi-resource-kubernetes", package: "./pulumi-resource-kubernetes" },
  { name: "pulumi-language-yaml", package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml" },
  { name: "etcd", package: "go.etcd.io/etcd/server/v3" },
  { name: "kube-apiserver", package: "k8s.io/kubernetes/cmd/kube-apiserver" },
  { name: "kube-controller-manager", package: "k8s.io/kubernetes/cmd/kube-controller-manager" },
  { name: "kube-scheduler", package: "k8s.io/kubernetes/cmd/kube-scheduler" },
  { name: "kubectl", package: "k8s.io/kubernetes/cmd/kubectl" },
  { name: "kubelogin", package: "github.com/Azure/kubelogin" },
  { name: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok" },
  { name: "kmcp", package: "github.com/kagent-dev/kmcp/cmd" },
  { name: "kaito-workspace", package: "github.com/kaito-project/kaito/cmd/workspace" },
  { name: "kaito-ragengine", package: "github.com/kaito-project/kaito/cmd/ragengine" },
  {
    name: "cert-manager",
    package: "github.com/cert-manager/cert-manager/rehearsal/cert-manager",
    pinnedIn: "cert-manager",
  },
  { name: "pebble", package: "github.com/letsencrypt/pebble/v2/cmd/pebble", pinnedIn: "cert-manager" },
  {
    name: "prometheus",
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    pinnedIn: "prometheus",
  },
  { name: "promtool", package: "github.com/prometheus/prometheus/cmd/promtool", pinnedIn: "prometheus" },
  { name: "helm", package: "helm.sh/helm/v3/cmd/helm" },
  { name: "registry", package: "github.com/google/go-containerregistry/cmd/registry" },
  { name: "crane", package: "github.com/google/go-containerregistry/cmd/crane" },
  // What judges .github/workflows.
  { name: "actionlint", package: "github.com/rhysd/actionlint/cmd/actionlint" },
];

/** Pulumi YAML's version, which is made for `pulumiVersion`; go.mod has to say the same. */
const yamlVersion = "1.32.0";

/** The release of cert-manager; cert-manager/go.mod has to say the same. */
export const certManagerVersion = "v1.21.2";

/** Prometheus' version; prometheus/go.mod has its module's, v0.313.5, which is how Go counts it. */
export const prometheusVersion = "3.13.5";

/** What a Go module carries beside its code. */
export interface ModuleData {
  module: string;
  pinnedIn?: GoModule;
  /** A file, or a folder as a whole. */
  from: string;
}

/** Data that upstream's Go modules carry beside their code. */
export const shared: readonly (ModuleData & { to: string })[] = [
  {
    module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    from: "cmd/pulumi-resource-kubernetes/schema.json",
    to: "pulumi-kubernetes/schema.json",
  },
  {
    module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
    from: "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
    to: "pulumi-kubernetes/terraform-mapping.json",
  },
  {
    module: "sigs.k8s.io/kwok",
    from: "kustomize/stage/node/fast/node-initialize.yaml",
    to: "kwok/node-initialize.yaml",
  },
  {
    module: "sigs.k8s.io/kwok",
    from: "kustomize/stage/node/heartbeat/node-heartbeat.yaml",
    to: "kwok/node-heartbeat.yaml",
  },
  { module: "sigs.k8s.io/kwok", from: "kustomize/stage/pod/fast/pod-ready.yaml", to: "kwok/pod-ready.yaml" },
  {
    module: "sigs.k8s.io/kwok",
    from: "kustomize/stage/pod/fast/pod-complete.yaml",
    to: "kwok/pod-complete.yaml",
  },
  {
    module: "sigs.k8s.io/kwok",
    from: "kustomize/stage/pod/fast/pod-delete.yaml",
    to: "kwok/pod-delete.yaml",
  },
  // What AKS installs for ingressProfile.gatewayAPI.installation: Standard.
  { module: "sigs.k8s.io/gateway-api", from: "config/crd/standard", to: "gateway-api/crds" },
  // What AKS installs for workloadAutoScalerProfile.keda. Which release of KEDA that is depends on the cluster's; what
  // this one takes, later ones take, too.
  { module: "github.com/kedacore/keda/v2", pinnedIn: "keda", from: "config/crd/bases", to: "keda/crds" },
  // What KAITO's components mirror: tests compare them with these.
  { module: "github.com/kaito-project/kaito", from: "examples", to: "kaito/examples" },
  { module: "github.com/kaito-project/kaito", from: "config/crd/bases", to: "kaito/crds" },
  {
    module: "github.com/kaito-project/kaito",
    from: "presets/workspace/models/model_catalog.yaml",
    to: "kaito/model_catalog.yaml",
  },
  {
    module: "github.com/kaito-project/kaito",
    from: "presets/workspace/models/supported_models.yaml",
    to: "kaito/supported_models.yaml",
  },
];

/** A Helm chart that a Go module carries, and where upstream publishes it. */
export interface Chart extends ModuleData {
  /** Version and appVersion that upstream's release gives it. */
  version: string;
  /** Where upstream publishes it: an OCI repository (`oci://`) or an HTTP chart repository (`https://`). */
  repository: string;
}

/**
 * Sources: the `helm-package` and `helm-publish` targets of kmcp v0.3.0's Makefile; KAITO v0.11.0's
 * publish-workspace-helm-chart.yaml and publish-ragengine-helm-chart.yaml, and the index that they made;
 * make/manifests.mk of cert-manager v1.21.2, which also signs the chart and notes the key.
 */
export const charts: readonly Chart[] = [
  {
    module: "github.com/kagent-dev/kmcp",
    from: "helm/kmcp-crds",
    version: "0.3.0",
    repository: "oci://ghcr.io/kagent-dev/kmcp/helm",
  },
  {
    module: "github.com/kagent-dev/kmcp",
    from: "helm/kmcp",
    version: "0.3.0",
    repository: "oci://ghcr.io/kagent-dev/kmcp/helm",
  },
  {
    module: "github.com/kaito-project/kaito",
    from: "charts/kaito/workspace",
    version: "0.11.0",
    repository: "https://kaito-project.github.io/kaito/charts/kaito",
  },
  {
    module: "github.com/kaito-project/kaito",
    from: "charts/kaito/ragengine",
    version: "0.11.0",
    repository: "https://kaito-project.github.io/kaito/charts/kaito",
  },
  {
    module: "github.com/cert-manager/cert-manager",
    pinnedIn: "cert-manager",
    from: "deploy/charts/cert-manager",
    version: certManagerVersion,
    repository: "oci://quay.io/jetstack/charts",
  },
];

/** Kubernetes' version; go.mod has to say the same. */
const kubernetesVersion = "1.35.4";

/** What upstream's releases write into their programs, by the packages that it is for. */
const stamps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi": {
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${pulumiVersion}`,
  },
  "github.com/pulumi/pulumi-yaml/...": {
    "github.com/pulumi/pulumi-yaml/pkg/version.Version": `v${yamlVersion}`,
  },
  // KAITO's webhook ends when the API server says no proper version.
  "k8s.io/kubernetes/cmd/...": Object.fromEntries(
    ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((variables) => [
      [`${variables}.gitVersion`, `v${kubernetesVersion}`],
      [`${variables}.gitMajor`, kubernetesVersion.split(".")[0] ?? ""],
      [`${variables}.gitMinor`, kubernetesVersion.split(".")[1] ?? ""],
    ]),
  ),
  "github.com/kaito-project/kaito/cmd/...": {
    "github.com/kaito-project/kaito/pkg/version.Version": "0.11.0",
  },
  "github.com/cert-manager/cert-manager/...": {
    "github.com/cert-manager/cert-manager/pkg/util.AppVersion": certManagerVersion,
  },
  "github.com/prometheus/prometheus/cmd/...": {
    "github.com/prometheus/common/version.Version": prometheusVersion,
  },
};

/** Flags of `go build`; of several for one package the last one holds. */
export const buildFlags: readonly string[] = [
  "-trimpath",
  // Nobody debugs these programs: no symbol table, and no debug data to compile either.
  "-ldflags=-s -w",
  ...Object.entries(stamps).map(
    ([packages, values]) =>
      `-ldflags=${packages}=-s -w ${Object.entries(values)
        .map(([variable, value]) => `-X ${variable}=${value}`)
        .join(" ")}`,
  ),
  // Without inlining a package compiles in about two thirds of the time, and the programs here wait for
  // each other more than they compute. (Without any optimisation it takes longer: there is more code to
  // write.) The standard library keeps it, for the sake of its cryptography.
  "-gcflags=all=-dwarf=false -l",
  "-gcflags=std=-dwarf=false",
];
