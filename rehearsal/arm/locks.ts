import { ArmError } from "./errors.ts";
import type { ResourcePath } from "./path.ts";
import type { World } from "./world.ts";

/** ARM type of locks. Of the two levels both refuse a delete; that ReadOnly refuses writes too is not covered. */
export const lockType = "Microsoft.Authorization/locks";

/** Refuses to delete what a lock holds, by itself or by what it belongs to or has. */
export function checkLocks(world: World, path: ResourcePath): void {
  if (path.type === lockType) {
    return;
  }
  const id = path.id.toLowerCase();
  const lock = world.store.ofType(lockType).find((one) => {
    const scope = scopeOfLock(one.id).toLowerCase();
    return id === scope || id.startsWith(`${scope}/`) || scope.startsWith(`${id}/`);
  });
  if (lock) {
    throw new ArmError(
      409,
      "ScopeLocked",
      `The scope '${path.id}' cannot perform delete operation because following scope(s) are locked: '${scopeOfLock(lock.id)}'. Please remove the lock and try again.`,
    );
  }
}

function scopeOfLock(id: string): string {
  return id.slice(0, id.toLowerCase().lastIndexOf(`/providers/${lockType.toLowerCase()}/`));
}
