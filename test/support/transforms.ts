import { randomUUID } from "node:crypto";
import type { ResourceTransform } from "@pulumi/pulumi";
import messages from "@pulumi/pulumi/proto/callback_pb.js";
import state from "@pulumi/pulumi/runtime/state.js";

/**
 * Lets a program under mocks use resource transforms, which the SDK's mocks refuse. The engine would call them for
 * the resource and everything below it, also for what a provider renders; a test calls them itself.
 *
 * @returns what tells the transforms of a registration
 */
// biome-ignore lint/suspicious/noExplicitAny: a protobuf request.
export function recordTransforms(): (request: any) => ResourceTransform[] {
  const recorded = new Map<string, ResourceTransform>();
  // biome-ignore lint/suspicious/noExplicitAny: a part of the SDK that has no public way in.
  const store = (state as any).getStore();
  store.supportsTransforms = true;
  store.callbacks = {
    async registerTransform(transform: ResourceTransform) {
      const token = randomUUID();
      recorded.set(token, transform);
      return new messages.Callback().setToken(token);
    },
    async awaitStackRegistrations() {},
    shutdown() {},
  };
  return (request) =>
    request
      .getTransformsList()
      .map((callback: messages.Callback) => recorded.get(callback.getToken()) as ResourceTransform);
}
