import type { PodSpec } from "../stackPods/pod.ts";
import { type Context, containersOf, contextsOf } from "./fields.ts";

const CAPABILITIES = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];
const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];
const SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
];
const HOOKS = ["livenessProbe", "readinessProbe", "startupProbe"];

/** The controls of the standard "baseline". */
export function baseline(spec: PodSpec): string[] {
  return [...ofPod(spec), ...ofContexts(spec), ...ofContainers(spec)];
}

function ofPod(spec: PodSpec): string[] {
  const found: string[] = [];
  for (const key of ["hostNetwork", "hostPID", "hostIPC"] as const) if (spec[key]) found.push(`pod: ${key}`);
  for (const volume of spec.volumes ?? []) {
    if ("hostPath" in volume) found.push(`pod: volume ${volume["name"]} is a hostPath`);
  }
  const { sysctls = [] } = (spec.securityContext ?? {}) as { sysctls?: { name: string }[] };
  for (const { name } of sysctls) if (!SYSCTLS.includes(name)) found.push(`pod: sysctl ${name}`);
  return found;
}

function ofContexts(spec: PodSpec): string[] {
  return contextsOf(spec).flatMap(({ label, context }) => {
    const { windowsOptions, seLinuxOptions, seccompProfile, appArmorProfile } = context;
    const { type = "", user = "", role = "" } = seLinuxOptions ?? {};
    return [
      ...(windowsOptions?.hostProcess ? [`${label}: hostProcess`] : []),
      ...(SELINUX_TYPES.includes(type) ? [] : [`${label}: SELinux type ${type}`]),
      ...(user === "" && role === "" ? [] : [`${label}: SELinux user or role`]),
      ...(seccompProfile?.type === "Unconfined" ? [`${label}: seccompProfile Unconfined`] : []),
      ...(appArmorProfile?.type === "Unconfined" ? [`${label}: appArmorProfile Unconfined`] : []),
    ];
  });
}

function ofContainers(spec: PodSpec): string[] {
  return containersOf(spec).flatMap(({ label, container, context }) => {
    const added: string[] = context["capabilities"]?.add ?? [];
    const lifecycle = (container["lifecycle"] ?? {}) as Context;
    const handlers: Context[] = [
      ...HOOKS.map((key) => container[key] as Context),
      lifecycle["postStart"],
      lifecycle["preStop"],
    ];
    return [
      ...(context["privileged"] ? [`${label}: privileged`] : []),
      ...added.filter((each) => !CAPABILITIES.includes(each)).map((each) => `${label}: capability ${each}`),
      ...(container.ports ?? [])
        .filter(({ hostPort }) => hostPort)
        .map(({ hostPort }) => `${label}: hostPort ${hostPort}`),
      ...([undefined, "", "Default"].includes(context["procMount"]) ? [] : [`${label}: procMount`]),
      ...(handlers.some((handler) => handler?.httpGet?.host || handler?.tcpSocket?.host)
        ? [`${label}: a probe or hook of a host of its own`]
        : []),
    ];
  });
}
