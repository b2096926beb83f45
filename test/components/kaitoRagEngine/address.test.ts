import { describe, expect, it } from "vitest";
import { serviceUrl } from "../../../components/kaitoRagEngine/address.ts";

describe("serviceUrl", () => {
  it.each(["http://phi.models.svc/v1", "https://api.openai.com", "http://10.1.2.3:8000"])(
    "takes %s",
    (url) => {
      expect(serviceUrl(url)).toBeUndefined();
    },
  );

  it.each([
    ["phi.models.svc/v1", /must be a URL that begins with http/],
    ["ftp://phi/v1", /must be a URL that begins with http/],
    ["http://localhost:8000/v1", /localhost would be the RAG engine's own pod/],
    ["http://127.0.0.1/v1", /127.0.0.1 would be the RAG engine's own pod/],
    ["http://[::1]/v1", /::1 would be the RAG engine's own pod/],
    ["http://169.254.169.254/metadata", /another range than the instance metadata service/],
  ])("refuses %s", (url, message) => {
    expect(serviceUrl(url)).toMatch(message);
  });

  it("doesn't repeat a password", () => {
    const message = serviceUrl("https://me:hunter2@example.com/v1");
    expect(message).toMatch(/^holds a user or a password, .* use accessSecret$/);
    expect(message).not.toContain("hunter2");
  });
});
