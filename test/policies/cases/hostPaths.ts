import { goodContainer, goodDeployment } from "../fixtures.ts";
import type { Case } from "./case.ts";

const plugins = [{ name: "plugins", hostPath: { path: "/var/lib/kubelet/device-plugins" } }];
const devicePlugin = goodContainer({ image: "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-1" });

export const cases: Case = {
  rule: "host-paths",
  bad: [
    goodDeployment("host-paths-root", { volumes: [{ name: "all", hostPath: { path: "/" } }] }),
    goodDeployment("host-paths-plugins", { volumes: plugins }),
  ],
  good: [goodDeployment("host-paths-device-plugin", { volumes: plugins, containers: [devicePlugin] })],
};
