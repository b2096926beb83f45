export * from "./acrForAks.ts";
export * from "./acrTokenPassword.ts";
export * from "./aksWithGpuPool.ts";
export * from "./kmcpInstall.ts";
export * from "./mcpServerDeployment.ts";
export type { ContainerResources } from "./resources.ts";
export * from "./restrictedNamespace.ts";
export { InputPropertyError } from "./validation.ts";
export * from "./vmSkuSelection.ts";
