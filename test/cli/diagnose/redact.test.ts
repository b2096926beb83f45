import { describe, expect, test } from "vitest";
import { plainUrl, redact } from "../../../cli/diagnose/redact.ts";
import { shaped } from "../../../cli/diagnose/shapes.ts";
import { pod } from "./support/objects.ts";

describe("redact", () => {
  test.each([
    ["token hf_abcdefghijklmnop was refused", "token hf_[redacted] was refused"],
    ["Authorization: Bearer eyJhbGciOi.J9abc", "Authorization: Bearer [redacted]"],
    ["password=Sup3rSecret; next", "password=[redacted]; next"],
    [
      "GET https://x.blob.core.windows.net/d?sv=1&sig=abc%2Fdef&se=2",
      "GET https://x.blob.core.windows.net/d?sv=1&sig=[redacted]&se=2",
    ],
    ["pull https://user:pa55word@example.com/v2/", "pull https://user:[redacted]@example.com/v2/"],
  ])("%s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.",
    'secret "hf" not found',
    "https://mcpaas.azurecr.io/oauth2/token: 401 Unauthorized",
    "HF_TOKEN not found in secret: hf in namespace: models",
  ])("leaves alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("a URL has no user, query and fragment", () => {
    expect(plainUrl("https://u:p@data.example:8443/a/b.parquet?sig=x#y")).toBe(
      "https://data.example:8443/a/b.parquet",
    );
  });
});

describe("what is kept of an object", () => {
  const full = {
    ...pod("phi-0", "models"),
    spec: {
      nodeName: "aks-gpu-0",
      containers: [
        {
          name: "phi",
          image: "x/y:1",
          command: ["/bin/sh", "-c", "serve --api-key=abc"],
          args: ["--watch-namespaces=mcp", "--token=abc"],
          env: [{ name: "HF_TOKEN", value: "hf_secret" }],
          resources: { limits: { "nvidia.com/gpu": "1" } },
        },
      ],
      volumes: [{ name: "v", secret: { secretName: "s", items: [{ key: "k" }] } }],
    },
  };

  test("has no variables, no arguments but those that say how a controller works, and no foreign annotations", () => {
    full.metadata.annotations = {
      "kaito.sh/runtime": "vllm",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
    };
    const { spec, metadata } = shaped("pods", full);
    expect(spec).toEqual({
      nodeName: "aks-gpu-0",
      containers: [
        {
          name: "phi",
          image: "x/y:1",
          args: ["--watch-namespaces=mcp"],
          resources: { limits: { "nvidia.com/gpu": "1" } },
        },
      ],
      volumes: [{ name: "v", secret: { secretName: "s" } }],
    });
    expect(metadata.annotations).toEqual({ "kaito.sh/runtime": "vllm" });
  });

  test("has no secret in its messages", () => {
    const message = "refused Bearer abcdefgh.ijkl";
    const conditions = [{ type: "Ready", status: "False", message }];
    const kept = JSON.stringify([
      shaped("workspaces", { metadata: full.metadata, status: { conditions } }),
      shaped("events", { metadata: full.metadata, involvedObject: {}, message }),
      shaped("pods", {
        ...full,
        status: { containerStatuses: [{ name: "a", state: { waiting: { message } } }] },
      }),
    ]);
    expect(kept.match(/Bearer \[redacted\]/g)).toHaveLength(3);
    expect(kept).not.toContain("abcdefgh");
  });

  test("takes what isn't as expected", () => {
    expect(shaped("pods", { metadata: null, spec: "x", status: { conditions: null } })).toEqual({
      metadata: null,
      status: { conditions: null },
    });
  });
});
