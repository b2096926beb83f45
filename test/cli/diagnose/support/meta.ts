import { ago } from "./snapshots.ts";

/** The metadata of an object that was made 20 minutes ago. */
export const meta = (name: string, namespace: string, more: object = {}) => ({
  name,
  namespace,
  uid: `uid-${name}`,
  generation: 1,
  creationTimestamp: ago(20),
  ...more,
});
