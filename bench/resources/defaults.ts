import { AKS_MCP_RESOURCES } from "../../components/aksMcp/pod.ts";
import { DEFAULT_CERT_MANAGER_RESOURCES } from "../../components/certManager/values.ts";
import { CHAT_RESOURCES } from "../../components/chatApp/pod.ts";
import { DCGM_RESOURCES } from "../../components/gpuMetrics/pod.ts";
import { INNOVATION_ENGINE_RESOURCES } from "../../components/innovationEngine/pod.ts";
import { NODE_AGENT_RESOURCES } from "../../components/kaitoInstall/gpuDiscovery.ts";
import { DEFAULT_CONTROLLER_RESOURCES as KAITO_RESOURCES } from "../../components/kaitoInstall/values.ts";
import { DEFAULT_RESOURCES as QDRANT_RESOURCES } from "../../components/kaitoRagEngine/qdrantPod.ts";
import { DEFAULT_CONTROLLER_RESOURCES as KMCP_RESOURCES } from "../../components/kmcpInstall/values.ts";
import { DEFAULT_RESOURCES as GUARD_RESOURCES } from "../../components/mcpGuard/sidecar.ts";
import { INIT_RESOURCES } from "../../components/mcpServerDeployment/manifest.ts";
import { DEFAULT_RESOURCES as SERVER_RESOURCES } from "../../components/mcpServerDeployment/pod.ts";
import { OPEN_WEB_SEARCH_RESOURCES } from "../../components/openWebSearch/pod.ts";
import { DEFAULT_RESOURCES as POSTGRESQL_RESOURCES } from "../../components/postgresql/podSpec.ts";
import { DEFAULT_RESOURCES as REDIS_RESOURCES } from "../../components/redis/podSpec.ts";
import type { ContainerResources } from "../../components/resources.ts";

/** Requests and limits that a component has without settings, and where they come from. */
export interface Default {
  /** The constant's file below components/. */
  file: string;
  resources: ContainerResources;
  /** The programs of bench/measurements/resources.json that it is for; each must fit. */
  measured?: string[];
  /** Why the programs that it is for can't be measured here, and what the figures are by. */
  unmeasured?: string;
  /** Why more memory is asked for than was measured. */
  spare?: string;
}

/** All of them: test/bench/sizing.test.ts sees to it. */
export const defaults: Record<string, Default> = {
  McpGuard: { file: "mcpGuard/sidecar.ts", resources: GUARD_RESOURCES, measured: ["guard"] },
  McpServerDeployment: {
    file: "mcpServerDeployment/pod.ts",
    resources: SERVER_RESOURCES,
    measured: ["echo"],
  },
  InnovationEngine: {
    file: "innovationEngine/pod.ts",
    resources: INNOVATION_ENGINE_RESOURCES,
    measured: ["innovation-engine"],
  },
  PostgreSql: {
    file: "postgresql/podSpec.ts",
    resources: POSTGRESQL_RESOURCES,
    measured: ["postgresql"],
    spare: "a database's memory is the cache of its files, which grow",
  },
  Redis: {
    file: "redis/podSpec.ts",
    resources: REDIS_RESOURCES,
    measured: ["valkey"],
    spare: "what people who are signed in have there grows with them",
  },
  ChatApp: { file: "chatApp/pod.ts", resources: CHAT_RESOURCES, measured: ["open-webui"] },
  KmcpInstall: { file: "kmcpInstall/values.ts", resources: KMCP_RESOURCES, measured: ["kmcp"] },
  KaitoInstall: {
    file: "kaitoInstall/values.ts",
    resources: KAITO_RESOURCES,
    measured: ["kaito-workspace", "kaito-ragengine"],
  },
  CertManager: {
    file: "certManager/values.ts",
    resources: DEFAULT_CERT_MANAGER_RESOURCES,
    measured: ["cert-manager-controller", "cert-manager-webhook", "cert-manager-cainjector"],
  },
  OpenWebSearch: {
    file: "openWebSearch/pod.ts",
    resources: OPEN_WEB_SEARCH_RESOURCES,
    unmeasured:
      "needs search engines; measured once with the real server and pages of its own, the figures are at the constant",
  },
  AksMcp: {
    file: "aksMcp/pod.ts",
    resources: AKS_MCP_RESOURCES,
    unmeasured:
      "a container image of Microsoft's, off by default; its chart's figures (chart/values.yaml of v0.0.19)",
  },
  "KMCP's gateway (init)": {
    file: "mcpServerDeployment/manifest.ts",
    resources: INIT_RESOURCES,
    unmeasured: "a container image (agentgateway), whose init container copies one file of 60 MB and ends",
  },
  Qdrant: {
    file: "kaitoRagEngine/qdrantPod.ts",
    resources: QDRANT_RESOURCES,
    unmeasured:
      "a container image, whose memory grows with its vectors; KAITO's example without its CPU limit",
  },
  "agents of GPU nodes": {
    file: "kaitoInstall/gpuDiscovery.ts",
    resources: NODE_AGENT_RESOURCES,
    unmeasured:
      "node-feature-discovery, GPU feature discovery and the device plugin need nodes with GPUs; their charts' figures",
  },
  GpuMetrics: {
    file: "gpuMetrics/pod.ts",
    resources: DCGM_RESOURCES,
    unmeasured: "DCGM needs a GPU; the chart's memory (deployment/values.yaml of NVIDIA/dcgm-exporter)",
  },
};
