import { goodContainer, goodDeployment } from "../fixtures.ts";
import type { Case, Fixture } from "./case.ts";

const plugins = [{ name: "plugins", hostPath: { path: "/var/lib/kubelet/device-plugins" } }];
const devicePlugin = goodContainer({ image: "mcr.microsoft.com/oss/v2/nvidia/k8s-device-plugin:v0.18.2-1" });

const volume = (name: string, source: object): Fixture => ({
  name,
  type: "kubernetes:core/v1:PersistentVolume",
  props: {
    metadata: { name },
    spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], ...source },
  },
});

export const cases: Case = {
  rule: "host-paths",
  bad: [
    goodDeployment("host-paths-root", { volumes: [{ name: "all", hostPath: { path: "/" } }] }),
    goodDeployment("host-paths-plugins", { volumes: plugins }),
    volume("host-paths-volume", { hostPath: { path: "/" } }),
  ],
  good: [
    goodDeployment("host-paths-device-plugin", { volumes: plugins, containers: [devicePlugin] }),
    volume("host-paths-none", { csi: { driver: "disk.csi.azure.com", volumeHandle: "disk" } }),
  ],
};
