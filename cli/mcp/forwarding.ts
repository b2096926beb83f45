const service = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(\.cluster\.local)?$/;

/** Whether a URL names a Service of Kubernetes, which resolves in its cluster only. */
export function isService({ hostname }: URL): boolean {
  return service.test(hostname);
}

/** The commands that bring such a Service to this machine. */
export function forwarding({ hostname, port, pathname, protocol }: URL): string {
  const [, name, namespace] = service.exec(hostname) ?? [];
  const remote = port || (protocol === "https:" ? "443" : "80");
  // Ports below 1024 are not for everybody.
  const local = Number(remote) < 1024 ? "8080" : remote;
  return [
    "from outside, forward its port in another terminal, and call the port",
    `  kubectl -n ${namespace} port-forward service/${name} ${local}:${remote}`,
    `  npm run mcp -- ${protocol}//localhost:${local}${pathname}`,
  ].join("\n");
}
