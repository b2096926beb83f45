/** A page that a search can find. */
export interface WebDocument {
  title: string;
  url: string;
  /** What a search result shows of it. */
  description: string;
  text: string;
}

/**
 * All that this web has. Facts about AKS in this project's own words, from the release notes of 2026-06-19
 * and 2026-07-17 (https://github.com/Azure/AKS, CHANGELOG.md) and from Azure's documentation as of August
 * 2026.
 */
export const DOCUMENTS: readonly WebDocument[] = [
  {
    title: "AKS release notes, 2026-07-17: latest features",
    url: "https://github.com/Azure/AKS/blob/master/CHANGELOG.md",
    description:
      "Latest features of AKS: artifact streaming is generally available; node disruption policy, NAT Gateway V2 and automatic zone placement are in preview.",
    text: [
      "The AKS release v20260717 brings these new features.",
      "Generally available: artifact streaming, with which a pod starts before its whole image is there; Secure Boot on GPU nodes with Azure Linux; Trusted Launch can be switched on and off for Linux node pools that exist.",
      "In preview: node disruption policy, NAT Gateway V2 as a managed outbound type, and automatic zone placement of node pools.",
      "Kubernetes 1.36.2, 1.35.6, 1.34.9 and 1.33.13 are available; 1.33 is under long-term support only.",
    ].join("\n\n"),
  },
  {
    title: "Artifact streaming in AKS",
    url: "https://aka.ms/aks/artifact-streaming",
    description: "Pods on AKS start while their images are still being pulled from Azure Container Registry.",
    text: "Artifact streaming is generally available since July 2026. A node fetches the layers of an image that a pod needs to start, and the rest while it runs. It needs Azure Container Registry.",
  },
  {
    title: "Node disruption policy in AKS (preview)",
    url: "https://aka.ms/aks/nodedisruptionpolicy",
    description: "Says when AKS may make changes that reimage nodes, so that they fall into a window.",
    text: "With a node disruption policy, in public preview since July 2026, operations that reimage nodes of an AKS cluster happen only in the windows that its owner has defined.",
  },
  {
    title: "Automatic zone placement of AKS node pools (preview)",
    url: "https://aka.ms/aks/automatic-zonal-placement",
    description: "AKS chooses the availability zones of a node pool by region and VM size.",
    text: "Automatic zone placement, in public preview since July 2026, spares the list of zones for each region and VM size: AKS finds the best availability zones for a node pool by itself.",
  },
  {
    title: "Kubernetes 1.36 on AKS",
    url: "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions",
    description: "Kubernetes 1.36 is generally available on AKS, with long-term support.",
    text: "Since June 2026 Kubernetes 1.36 is generally available on AKS, and has long-term support. 1.30 is deprecated.",
  },
  {
    title: "AKS Automatic",
    url: "https://learn.microsoft.com/azure/aks/intro-aks-automatic",
    description: "Clusters whose nodes, scaling, security and upgrades AKS takes care of.",
    text: "AKS Automatic is the kind of cluster that Azure prepares for production: nodes are provisioned as workloads need them, upgrades happen by themselves, and safeguards check what is deployed.",
  },
  {
    title: "Application routing with the Gateway API",
    url: "https://learn.microsoft.com/azure/aks/app-routing-gateway-api",
    description: "The successor of NGINX ingress in AKS's application routing add-on.",
    text: "The application routing add-on of AKS implements the Kubernetes Gateway API. It is what users of its NGINX ingress move to, whose support ends in November 2026.",
  },
  {
    title: "KAITO: language models on AKS",
    url: "https://learn.microsoft.com/azure/aks/ai-toolchain-operator",
    description: "The AI toolchain operator serves and tunes open language models on GPU nodes of AKS.",
    text: "The AI toolchain operator is KAITO as an add-on of AKS. A Workspace names a model; the operator finds GPU nodes for it and serves it with vLLM under an API like OpenAI's.",
  },
  {
    title: "Tools for models on AKS: MCP with KAITO",
    url: "https://learn.microsoft.com/azure/aks/ai-toolchain-operator-mcp",
    description: "Models that KAITO serves call tools over the Model Context Protocol.",
    text: "A model that KAITO serves on AKS with vLLM can call tools. A client gives it the tools of an MCP server, runs the calls that the model asks for, and hands the results back.",
  },
  {
    title: "Workload identity in AKS",
    url: "https://learn.microsoft.com/azure/aks/workload-identity-overview",
    description: "Pods sign in to Microsoft Entra ID with a service account, without a stored secret.",
    text: "With workload identity a pod exchanges the token of its Kubernetes service account for one of Microsoft Entra ID. The managed identity names the cluster's issuer and the service account in a federated credential.",
  },
];
