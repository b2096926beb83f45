/**
 * Nodes that an upgrade adds to a pool. A GPU pool is upgraded node by node in place (no surge node, one node
 * unavailable), because a second GPU node for the time of an upgrade would need quota that GPU families seldom have.
 */
export function surgeNodes(gpusPerNode: number): number {
  return gpusPerNode > 0 ? 0 : 1;
}
