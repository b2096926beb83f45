import { type PodSpec, type StackPod, templatePod } from "./pod.ts";

// biome-ignore lint/suspicious/noExplicitAny: whatever a chart takes.
type Values = any;

interface ChartInputs {
  name: string;
  namespace: string;
  values?: Values;
}

/**
 * The pods of the charts, which mocks don't render: labels and ports out of the charts' templates, security contexts
 * as the program's values say them. Sources: helm/kmcp/templates/deployment.yaml of kmcp v0.3.0;
 * charts/kaito/{workspace,ragengine}/templates of KAITO v0.11.0, and of the packed gpu-feature-discovery 0.17.4;
 * deploy/charts/cert-manager/templates of cert-manager v1.21.2.
 */
const CHARTS: Record<string, (chart: ChartInputs) => StackPod[]> = {
  kmcp: ({ name, namespace, values }) => [
    controller(
      namespace,
      "kmcp",
      { ...release(name), "control-plane": "controller-manager" },
      [Number((values.controller?.metrics?.bindAddress ?? ":8443").slice(1)), 8081],
      values,
    ),
  ],
  "kmcp-crds": () => [],
  workspace: ({ name, namespace, values }) => [
    controller(namespace, "kaito-workspace", release(name), [8080, 9443], values),
    ...(values.nvidiaDevicePlugin?.enabled
      ? [labelled(namespace, "device-plugin", { name: "nvidia-device-plugin-ds" })]
      : []),
    ...(values["gpu-feature-discovery"]?.gfd?.enabled
      ? [labelled(namespace, "gpu-feature-discovery", { "app.kubernetes.io/name": "gpu-feature-discovery" })]
      : []),
    ...(values["gpu-feature-discovery"]?.nfd?.enabled
      ? ["master", "worker"].map((role) =>
          labelled(namespace, `nfd-${role}`, {
            "app.kubernetes.io/name": "node-feature-discovery",
            "app.kubernetes.io/instance": name,
            role,
          }),
        )
      : []),
  ],
  ragengine: ({ name, namespace, values }) => [
    controller(namespace, "kaito-ragengine", release(name), [8080, 9443], values),
  ],
  "cert-manager": ({ name, namespace, values }) =>
    [
      ["controller", "cert-manager", values, [9402, 9403]] as const,
      ["webhook", "webhook", values.webhook, [10250, 6080, 9402]] as const,
      ["cainjector", "cainjector", values.cainjector, [9402]] as const,
    ].map(([component, own, its, ports]) =>
      controller(
        namespace,
        `cert-manager-${component}`,
        {
          "app.kubernetes.io/name": own,
          "app.kubernetes.io/instance": name,
          "app.kubernetes.io/component": component,
        },
        [...ports],
        { podSecurityContext: its.securityContext, securityContext: its.containerSecurityContext },
      ),
    ),
};

/** The pods that a chart makes; one that isn't known is an error, because nobody would judge its pods. */
export function chartPods(chart: ChartInputs): StackPod[] {
  const known = CHARTS[chart.name];
  if (known === undefined) throw new Error(`nobody knows the pods of the chart ${chart.name}`);
  return known(chart);
}

function release(name: string) {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": name };
}

function controller(
  namespace: string,
  name: string,
  labels: Record<string, string>,
  ports: number[],
  { podSecurityContext, securityContext }: Values,
): StackPod {
  const spec: PodSpec = {
    securityContext: podSecurityContext,
    containers: [
      { name: "manager", securityContext, ports: ports.map((containerPort) => ({ containerPort })) },
    ],
  };
  return templatePod(namespace, name, { metadata: { labels }, spec });
}

function labelled(namespace: string, name: string, labels: Record<string, string>): StackPod {
  return { namespace, name, labels };
}
