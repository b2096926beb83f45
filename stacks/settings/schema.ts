import { z } from "zod";
import { entraConflict } from "../../components/aksWithGpuPool/entra.ts";
import { ipv4RangeRule } from "../../components/ipRange.ts";
import { KMCP_CHART_REPOSITORY, KMCP_VERSION } from "../../components/kmcpInstall/values.ts";
import { egressRule } from "../../components/mcpServerDeployment/egress.ts";
import { envProblem } from "../../components/mcpServerDeployment/env.ts";
import { sourceConflicts } from "../../components/mcpServerDeployment/source.ts";

declare module "zod" {
  /** What a setting's `.meta` may say; it goes into the settings table and into error messages. */
  interface GlobalMeta {
    /** An example, as it stands in a YAML file. */
    example?: unknown;
    /** Unit of a number. */
    unit?: string;
    /** The allowed values in words, where the schema alone doesn't say it well. */
    allowed?: string;
    /** What is used when the key is left out, where that isn't a fixed value. */
    otherwise?: string;
  }
}

const DNS_LABEL = "1 to 63 of a-z, 0-9 and '-', beginning with a letter";
const dnsLabel = z
  .string()
  .regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/)
  .meta({ allowed: DNS_LABEL });
const region = z.string().regex(/^[a-z]+[a-z0-9]*$/);
/** A text by a component's rule, which says what it must be instead. */
const ruled = (rule: (text: string) => string | undefined) =>
  z.string().superRefine((text, context) => {
    const message = rule(text);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
const guid = z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/);
const vmSize = z.string().regex(/^(Standard|Basic)_[A-Za-z0-9_-]+$/);
const quantity = z
  .string()
  .regex(/^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/)
  .meta({ allowed: "a Kubernetes quantity" });
const nodes = (min: number) => z.int().min(min).max(1000);
const port = z.int().min(1).max(65535);

const poolFields = (
  defaults: { min: number; max: number },
  least: number,
  example = { one: "Standard_D4s_v5", several: ["Standard_D4as_v5", "Standard_D4s_v5"] },
) => ({
  vmSize: vmSize.optional().meta({
    description: "A VM size to use whatever the quota says",
    example: example.one,
    allowed: "a VM size of Azure",
    otherwise: "chosen by quota",
  }),
  preferredSkus: z.array(vmSize).optional().meta({
    description: "VM sizes to try first, best first",
    example: example.several,
    allowed: "a list of VM sizes of Azure",
    otherwise: "built-in candidates",
  }),
  minVcpus: z.int().min(2).max(512).optional().meta({
    description: "Fewest vCPUs of a node, when its size is chosen",
    example: 4,
    unit: "vCPUs",
    otherwise: "2",
  }),
  minMemoryGiB: z.number().min(4).max(24576).optional().meta({
    description: "Least memory of a node, when its size is chosen",
    example: 16,
    unit: "GiB",
    otherwise: "8 (GPU pool: any)",
  }),
  minCount: nodes(least)
    .default(defaults.min)
    .meta({
      description:
        least === 0 ? "Nodes that are always there; 0 lets idle ones go" : "Nodes that are always there",
      example: 1,
      unit: "nodes",
    }),
  maxCount: nodes(1).default(defaults.max).meta({
    description: "Nodes at most; the quota is checked for this many and the surge of an upgrade",
    example: 3,
    unit: "nodes",
  }),
  zones: z
    .array(z.enum(["1", "2", "3"]))
    .optional()
    .meta({
      description: "Availability zones to spread the nodes over",
      example: ["1", "2", "3"],
      otherwise: "none: regional",
    }),
  osDiskSizeGiB: z
    .int()
    .min(30)
    .max(2048)
    .optional()
    .meta({ description: "Size of a node's OS disk", example: 128, unit: "GiB", otherwise: "AKS's choice" }),
  taints: z
    .array(z.string().regex(/^[^=:\s]+(=[^=:\s]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/))
    .optional()
    .meta({
      description: "Taints besides the pool's own",
      example: ["CriticalAddonsOnly=true:NoSchedule"],
      allowed: "a list of key=value:effect",
      otherwise: "none",
    }),
});

const countsInOrder = (pool: { minCount: number; maxCount: number }, context: z.RefinementCtx) => {
  if (pool.minCount <= pool.maxCount) return;
  context.addIssue({
    code: "custom",
    path: ["minCount"],
    message: `at most maxCount, which is ${pool.maxCount}`,
  });
};

const resources = z
  .strictObject({
    requests: z.strictObject({
      cpu: quantity.meta({ description: "CPU that is reserved", example: "50m" }),
      memory: quantity.meta({ description: "Memory that is reserved", example: "64Mi" }),
    }),
    limits: z.strictObject({
      cpu: quantity.optional().meta({ description: "CPU at most", example: "500m", otherwise: "none" }),
      memory: quantity.meta({ description: "Memory at most", example: "256Mi" }),
    }),
  })
  .optional()
  .meta({
    description: "Requests and limits of the container",
    example: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
    otherwise: "the component's",
  });

const gpuPool = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .meta({ description: "Make a GPU pool; without one no model can run", example: true }),
    gpus: z
      .int()
      .min(1)
      .max(16)
      .default(1)
      .meta({ description: "GPUs of a node, at least", example: 1, unit: "GPUs" }),
    minGpuMemoryGiB: z.number().min(1).max(2048).optional().meta({
      description: "Least memory of all GPUs of a node",
      example: 24,
      unit: "GiB",
      otherwise: "any",
    }),
    spot: z
      .boolean()
      .default(false)
      .meta({ description: "Spot VMs: cheap, and evicted when Azure needs them", example: true }),
    driver: z.enum(["Install", "None"]).default("Install").meta({
      description: 'Who installs the GPU driver: AKS, or ("None") NVIDIA\'s GPU operator',
      example: "Install",
    }),
    ...poolFields({ min: 1, max: 1 }, 0, {
      one: "Standard_NC24ads_A100_v4",
      several: ["Standard_NC24ads_A100_v4", "Standard_NV36ads_A10_v5"],
    }),
  })
  .superRefine(countsInOrder);

const cluster = z.strictObject({
  kubernetesVersion: z
    .string()
    .regex(/^1\.\d+(\.\d+)?$/)
    .optional()
    .meta({
      description: "Kubernetes version, in quotes",
      example: "1.34",
      allowed: 'a text such as "1.34" or "1.34.2"',
      otherwise: "AKS's default",
    }),
  tier: z
    .enum(["Free", "Standard", "Premium"])
    .default("Free")
    .meta({ description: "Free has no uptime agreement, Standard has one", example: "Standard" }),
  upgradeChannel: z
    .enum(["none", "patch", "stable", "rapid", "node-image"])
    .default("patch")
    .meta({ description: "How far AKS upgrades Kubernetes by itself", example: "patch" }),
  nodeOsUpgradeChannel: z
    .enum(["None", "Unmanaged", "SecurityPatch", "NodeImage"])
    .default("NodeImage")
    .meta({ description: "How AKS renews the OS of nodes", example: "NodeImage" }),
  maintenance: z
    .strictObject({
      dayOfWeek: z
        .enum(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
        .default("Sunday")
        .meta({ description: "Day of Kubernetes upgrades; node images: any day", example: "Sunday" }),
      startTime: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
        .default("02:00")
        .meta({ description: "When the window begins", example: "02:00", allowed: "HH:MM, in quotes" }),
      durationHours: z
        .int()
        .min(4)
        .max(24)
        .default(4)
        .meta({ description: "How long the window is", example: 4, unit: "hours" }),
      utcOffset: z
        .string()
        .regex(/^[+-]\d\d:\d\d$/)
        .default("+00:00")
        .meta({
          description: "Offset of startTime from UTC",
          example: "+01:00",
          allowed: "+HH:MM or -HH:MM, in quotes",
        }),
    })
    .prefault({}),
  imageCleanerIntervalHours: z
    .int()
    .min(24)
    .max(2160)
    .default(168)
    .meta({ description: "Time between two removals of unused images", example: 168, unit: "hours" }),
  authorizedIpRanges: z
    .array(ruled(ipv4RangeRule))
    .default([])
    .meta({
      description: "Addresses that may reach the API server; none listed means all",
      example: ["203.0.113.0/24"],
      allowed: "a list of IPv4 ranges",
    }),
  privateCluster: z
    .boolean()
    .default(false)
    .meta({ description: "API server without a public address; can't be changed later", example: true }),
  entra: z
    .strictObject({
      adminGroupObjectIds: z
        .array(guid)
        .default([])
        .meta({
          description: "Entra groups whose members administer the cluster",
          example: ["00000000-0000-0000-0000-000000000000"],
          allowed: "a list of object ids",
        }),
      administrators: z
        .array(
          z.strictObject({
            objectId: guid.meta({
              description: "Object id in Entra ID",
              example: "00000000-0000-0000-0000-000000000000",
              allowed: "an object id",
            }),
            principalType: z
              .enum(["User", "Group", "ServicePrincipal"])
              .meta({ description: "What it is", example: "ServicePrincipal" }),
          }),
        )
        .optional()
        .meta({
          description:
            "Who gets the role Azure Kubernetes Service RBAC Cluster Admin; list all who run `pulumi up`, pipelines too",
          example: [{ objectId: "00000000-0000-0000-0000-000000000000", principalType: "User" }],
          otherwise: "whoever runs `pulumi up`, if nobody could get in else",
        }),
      azureRbac: z.boolean().default(true).meta({
        description:
          "Kubernetes rights come from Azure role assignments; false needs adminGroupObjectIds or local accounts",
        example: true,
      }),
      disableLocalAccounts: z
        .boolean()
        .default(true)
        .meta({ description: "Only Entra identities get in; needs kubelogin on PATH", example: true }),
      login: z
        .enum(["azurecli", "workloadidentity", "spn", "msi", "devicecode"])
        .default("azurecli")
        .meta({ description: "How kubelogin signs in when the program runs", example: "workloadidentity" }),
    })
    .superRefine((entra, context) => {
      const conflict = entraConflict(entra);
      if (conflict) context.addIssue({ code: "custom", path: conflict.path, message: conflict.rule });
    })
    .optional()
    .meta({
      description: "Sign-in with Microsoft Entra ID",
      example: { adminGroupObjectIds: ["00000000-0000-0000-0000-000000000000"] },
      otherwise: "local accounts only",
    }),
  systemPool: z
    .strictObject(poolFields({ min: 1, max: 2 }, 1))
    .superRefine(countsInOrder)
    .prefault({}),
  updateSystemPool: z.boolean().default(false).meta({
    description:
      "Send changes of systemPool (not its VM size) to the cluster; AKS then scales every pool for a while",
    example: true,
  }),
  userPool: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .meta({ description: "Make a pool for workloads without GPUs", example: false }),
      ...poolFields({ min: 1, max: 2 }, 0),
    })
    .superRefine(countsInOrder)
    .prefault({}),
  gpuPool: gpuPool.prefault({}),
  reselectVmSizes: z.string().default("").meta({
    description:
      "Change it to choose VM sizes of user and GPU pool anew; a pool whose size changes is replaced",
    example: "2026-11",
  }),
  strictSkuSelection: z
    .boolean()
    .default(false)
    .meta({ description: "Fail when Azure can't be asked for quota", example: true }),
});

const mcpServer = z
  .strictObject({
    transport: z.enum(["http", "stdio"]).meta({
      description: "http: the server speaks streamable HTTP; stdio: KMCP's gateway starts it per session",
      example: "http",
    }),
    image: z
      .string()
      .regex(/^[^\s:@]+([:/][^\s@]*)*(:(?!latest$)[\w][\w.-]*|@sha256:[0-9a-f]{64})$/)
      .optional()
      .meta({
        description: "Image with tag or digest; one without a registry host is in the stack's registry",
        example: "mcp/echo:0.1.0",
        allowed: "an image with a tag other than latest, or with a digest",
        otherwise: "KMCP's, for the commands npx and uvx",
      }),
    command: z.string().min(1).optional().meta({
      description: "The program to start",
      example: "node",
      otherwise: "the image's entry point (http only)",
    }),
    args: z
      .array(z.string())
      .default([])
      .meta({ description: "Its arguments", example: ["server.js"] }),
    port: port.default(3000).meta({
      description: "The port that the server listens on; an http server is told it as PORT",
      example: 3000,
    }),
    path: z
      .string()
      .regex(/^\/\S*$/)
      .default("/mcp")
      .meta({
        description: "Path of the endpoint; always /mcp for stdio",
        example: "/mcp",
        allowed: "a path that begins with /",
      }),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string())
      .default({})
      .meta({
        description: "Environment variables; secrets belong into secretRefs",
        example: { LOG_LEVEL: "info" },
        allowed: "names and texts (numbers in quotes)",
      }),
    secretRefs: z
      .array(z.string())
      .default([])
      .meta({ description: "Secrets whose keys become environment variables", example: ["search-keys"] }),
    configMapRefs: z
      .array(z.string())
      .default([])
      .meta({ description: "ConfigMaps to mount at /configmaps/<name>", example: ["search-config"] }),
    replicas: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .meta({ description: "Pods; more than 1 only for servers without sessions", example: 1, unit: "pods" }),
    resources,
    runAsUser: z
      .int()
      .min(1)
      .max(65535)
      .default(10001)
      .meta({ description: "User id of the process; root is not allowed", example: 10001 }),
    readOnlyRootFilesystem: z
      .boolean()
      .default(true)
      .meta({ description: "The image's files can't be changed; /tmp can", example: true }),
    clients: z
      .array(
        z.strictObject({
          namespace: dnsLabel
            .optional()
            .meta({ description: "Their namespace", example: "chat", otherwise: "the server's own" }),
          podLabels: z
            .record(z.string(), z.string())
            .optional()
            .meta({ description: "Their labels", example: { app: "chat" }, otherwise: "every pod" }),
        }),
      )
      .optional()
      .meta({
        description: "Pods that may call the server; [] is nobody",
        example: [{ namespace: "chat" }],
        otherwise: "the pods of its namespace",
      }),
    egress: z
      .array(
        z.strictObject({
          cidr: ruled(egressRule).meta({
            description: "Addresses; 0.0.0.0/0 is everywhere but private ranges",
            example: "20.0.0.0/8",
            allowed: "an IP range outside of the addresses that Azure keeps for nodes",
          }),
          ports: z
            .array(port)
            .default([443])
            .meta({ description: "TCP ports", example: [443] }),
        }),
      )
      .default([])
      .meta({
        description: "What the server may call besides DNS; needed without an image, to fetch the package",
        example: [{ cidr: "0.0.0.0/0", ports: [443] }],
      }),
    timeoutSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(30)
      .meta({ description: "How long clients wait for an answer", example: 30, unit: "seconds" }),
  })
  .superRefine((server, context) => {
    for (const [name, value] of Object.entries(server.env)) {
      const problem = envProblem(name, value);
      if (problem === undefined) continue;
      const message = `nothing that ${problem}`;
      context.addIssue({ code: "custom", path: ["env", name], message, params: { secret: true } });
    }
    for (const { key, rule } of sourceConflicts(server)) {
      context.addIssue({ code: "custom", path: [key], message: rule });
    }
  });

/** Every setting of every stack, with its default, limits and meaning. Nothing else reads configuration. */
export const settingsSchema = z
  .strictObject({
    platform: z
      .enum(["azure"])
      .default("azure")
      .meta({ description: "What the stack runs on", example: "azure" }),
    location: region.meta({
      description: "The Azure region",
      example: "eastus",
      allowed: "a region's short name: small letters and digits",
    }),
    otherLocations: z
      .array(region)
      .default([])
      .meta({
        description: "Regions to propose when no VM size fits in location",
        example: ["westus3"],
        allowed: "a list of regions",
      }),
    resourceGroup: z
      .string()
      .regex(/^[-\w.()]{0,89}[-\w()]$/)
      .optional()
      .meta({
        description: "Name of the resource group that is made",
        example: "rg-mcpaas-dev",
        allowed: "1 to 90 letters, digits and -_.() and not '.' at the end",
        otherwise: "rg-mcpaas-<stack>",
      }),
    tags: z
      .record(z.string().min(1).max(512), z.string().max(256))
      .default({})
      .meta({
        description: "Tags of every Azure resource",
        example: { owner: "platform-team" },
        allowed: "names and texts",
      }),
    registry: z
      .strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9]{5,50}$/)
          .optional()
          .meta({
            description: "Name of the registry, unique in Azure",
            example: "mcpaasdev",
            allowed: "5 to 50 of a-z and 0-9",
            otherwise: "mcpaas and a hash of subscription, group and stack",
          }),
        sku: z
          .enum(["Basic", "Standard", "Premium"])
          .default("Basic")
          .meta({ description: "The registry's SKU", example: "Basic" }),
        untaggedRetentionDays: z.int().min(0).max(365).optional().meta({
          description: "How long manifests without a tag are kept; Premium only",
          example: 7,
          unit: "days",
          otherwise: "for ever",
        }),
        pushTokenRepositories: z
          .array(z.string().regex(/^[a-z0-9]+([._/-][a-z0-9]+)*$/))
          .default([])
          .meta({
            description: "Repositories for which a push token is made",
            example: ["mcp/echo"],
            allowed: "a list of repository names",
          }),
      })
      .superRefine((registry, context) => {
        if (registry.untaggedRetentionDays !== undefined && registry.sku !== "Premium") {
          context.addIssue({
            code: "custom",
            path: ["untaggedRetentionDays"],
            message: `nothing, because only the Premium SKU has it and sku is ${registry.sku}`,
          });
        }
      })
      .prefault({}),
    cluster: cluster.prefault({}),
    kmcp: z
      .strictObject({
        namespace: dnsLabel
          .default("kmcp-system")
          .meta({ description: "Namespace of the controller", example: "kmcp-system", allowed: DNS_LABEL }),
        chartRepository: z.string().min(1).default(KMCP_CHART_REPOSITORY).meta({
          description: "Where the charts kmcp and kmcp-crds are",
          example: "oci://example.azurecr.io/helm",
          allowed: "an OCI repository or a folder",
        }),
        version: z
          .string()
          .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/)
          .default(KMCP_VERSION)
          .meta({
            description: "Version of charts and controller",
            example: KMCP_VERSION,
            allowed: "a version without v",
          }),
        protectCrds: z.boolean().optional().meta({
          description: "Refuse to delete the CRD, and every MCPServer with it",
          example: true,
          otherwise: "true on the stack prod, false on others",
        }),
        replicas: z
          .int()
          .min(1)
          .max(5)
          .default(1)
          .meta({ description: "Controllers, one of which leads", example: 1, unit: "pods" }),
        resources,
        imageRepository: z.string().min(1).optional().meta({
          description: "Repository of the controller's image, for a mirror",
          example: "example.azurecr.io/kmcp/controller",
          otherwise: "ghcr.io/kagent-dev/kmcp/controller",
        }),
        transportAdapterVersion: z
          .string()
          .regex(/^[a-zA-Z0-9.-]+$/)
          .optional()
          .meta({
            description: "Version of agentgateway for stdio servers",
            example: "0.9.0",
            allowed: "a version without v",
            otherwise: "KMCP's own",
          }),
        watchNamespaces: z
          .array(dnsLabel)
          .default([])
          .meta({
            description: "Namespaces with MCPServers besides mcpNamespace; they must exist",
            example: ["team-a"],
            allowed: `a list of namespaces, each ${DNS_LABEL}`,
          }),
      })
      .prefault({}),
    mcpNamespace: dnsLabel.default("mcp").meta({
      description: "Namespace that is made for the MCP servers",
      example: "mcp",
      allowed: DNS_LABEL,
    }),
    mcpServers: z
      .record(dnsLabel, mcpServer)
      .default({})
      .meta({
        description: "The MCP servers, by name",
        example: { echo: { transport: "http", image: "mcp/echo:0.1.0" } },
        allowed: `servers by name, each ${DNS_LABEL}`,
      }),
  })
  .superRefine((settings, context) => {
    if (settings.cluster.privateCluster && settings.cluster.authorizedIpRanges.length > 0) {
      context.addIssue({
        code: "custom",
        path: ["cluster", "authorizedIpRanges"],
        message: "nothing, because a private cluster has no public address to restrict",
      });
    }
  });
