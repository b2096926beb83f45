import { EVERYWHERE_BUT_NODE_SERVICES } from "../network/egress.ts";

/**
 * The cluster's DNS, where AKS and every kubeadm-like cluster have it. Where AKS's LocalDNS is switched on, which it
 * isn't by default, pods ask their own node instead (169.254.10.10 and .11), and under Cilium 1.17 no NetworkPolicy
 * can let them: a CiliumNetworkPolicy to the entity "host" has to.
 * Source: articles/aks/localdns-custom.md in https://github.com/MicrosoftDocs/azure-aks-docs
 */
export const DNS_EGRESS = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/**
 * Everything but what answers pods as if they were their node. In Kubernetes' own terms the ranges have pods and
 * nodes in them; Cilium, which AKS clusters of this project run, takes ranges for what is neither, so pods are named
 * apart. Nodes are closed there: no controller here calls one. The API server of AKS is outside of the cluster,
 * and so in the ranges; where it runs on a node, Cilium needs a policy of its own for it (to the entity
 * "kube-apiserver").
 * Source: articles/aks/azure-cni-powered-by-cilium.md (FAQ on `ipBlock`) in
 * https://github.com/MicrosoftDocs/azure-aks-docs; injectLabels in pkg/ipcache/metadata.go of Cilium.
 */
export const EGRESS_BUT_NODE_SERVICES = {
  to: [{ namespaceSelector: {} }, ...EVERYWHERE_BUT_NODE_SERVICES.map((ipBlock) => ({ ipBlock }))],
};
