import { describe, expect, test } from "vitest";
import { event, kmcpController, mcpServer, pod, waitingFor, workload } from "../support/objects.ts";
import {
  about,
  cause,
  causesOf,
  commandsOf,
  evidenceOf,
  type Scene,
  together,
} from "../support/snapshots.ts";

const IMAGE = "mcpaas.azurecr.io/mcp/echo:0.1.0";

function held(reason: string, message: string, image = IMAGE): Scene {
  return {
    objects: {
      deployments: [kmcpController(), workload("echo", "mcp", { ready: 0 })],
      mcpservers: [
        mcpServer("echo", [
          {
            type: "Ready",
            status: "False",
            reason: "NotAvailable",
            message: "Deployment not ready: 0/1 replicas available",
          },
        ]),
      ],
      pods: [
        pod("echo-1", "mcp", {
          labels: { app: "echo" },
          nodeName: "aks-user-0",
          containers: [waitingFor("mcp-server", reason, message)],
          image,
        }),
      ],
    },
  };
}

describe("why an image can't be pulled", () => {
  // The messages of containerd 1.7 and 2.0 and of the registries themselves, as the kubelet passes them on.
  test.each([
    [
      "no such image or tag",
      `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found`,
      "az acr repository show-tags -n mcpaas --repository mcp/echo",
    ],
    [
      "doesn't let the nodes in",
      `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://mcpaas.azurecr.io/oauth2/token: 401 Unauthorized`,
      "az aks check-acr -g <group> -n <cluster> --acr mcpaas.azurecr.io",
    ],
    [
      "can't be reached",
      `failed to resolve reference "${IMAGE}": failed to do request: Head "https://mcpaas.azurecr.io/v2/mcp/echo/manifests/0.1.0": dial tcp: lookup mcpaas.azurecr.io: no such host`,
      "az aks check-acr -g <group> -n <cluster> --acr mcpaas.azurecr.io",
    ],
    [
      "not built for this processor architecture",
      `failed to pull and unpack image "${IMAGE}": no match for platform in manifest: not found`,
      `docker manifest inspect ${IMAGE}`,
    ],
  ])("%s", (words, message, command) => {
    const subject = about("mcpserver/echo", held("ImagePullBackOff", message));
    expect(causesOf(subject)).toEqual(["image-pull"]);
    expect(cause("image-pull", subject).summary).toContain(words);
    expect(commandsOf("image-pull", subject)[0]).toBe(command);
  });

  test("of Docker Hub's limit", () => {
    const message =
      "429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.";
    const subject = about("mcpserver/echo", held("ErrImagePull", message, "node:24-alpine3.21"));
    expect(cause("image-pull", subject).summary).toContain(
      "node:24-alpine3.21 can't be pulled: the registry counts too many",
    );
  });

  test("of another registry that asks who it is", () => {
    const image = "ghcr.io/acme/private:1";
    const message =
      "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";
    const subject = about("mcpserver/echo", held("ErrImagePull", message, image));
    expect(cause("image-pull", subject).next[0]?.text).toContain("imagePullSecrets");
  });

  test("by the event, where the back-off doesn't say", () => {
    const scene = held("ImagePullBackOff", `Back-off pulling image "${IMAGE}"`);
    const [waits] = scene.objects?.pods ?? [];
    const told = event(
      "Pod",
      waits as never,
      "Failed",
      `Failed to pull image "${IMAGE}": ${IMAGE}: not found`,
    );
    const subject = about("mcpserver/echo", together(scene, { objects: { events: [told] } }));
    expect(cause("image-pull", subject).summary).toContain("no such image or tag");
    expect(evidenceOf("image-pull", subject)).toContain("event Failed, 60 s ago");
  });

  test("because it is no name", () => {
    const subject = about(
      "mcpserver/echo",
      held("InvalidImageName", "couldn't parse image name", "Mcp/Echo:1"),
    );
    expect(cause("image-pull", subject).summary).toContain("it is no name of an image");
  });
});

test("a pull secret that isn't there stands beside", () => {
  const scene = held("ImagePullBackOff", "401 Unauthorized");
  const [waits] = scene.objects?.pods ?? [];
  const named = {
    ...waits,
    spec: { ...(waits as { spec?: object }).spec, imagePullSecrets: [{ name: "regcred" }] },
  };
  const withSecret = {
    objects: { ...scene.objects, pods: [named as never] },
    secrets: { "mcp/regcred": { state: "missing" as const } },
  };
  const subject = about("mcpserver/echo", withSecret);
  expect(causesOf(subject)).toEqual(["image-pull"]);
  expect(evidenceOf("image-pull", subject)).toContain("secret mcp/regcred | doesn't exist");
  expect(cause("image-pull", subject).consequences).toMatchObject([{ cause: "pull-secret-missing" }]);
});
