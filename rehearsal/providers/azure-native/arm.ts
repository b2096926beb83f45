import { ResourceManagementClient } from "@azure/arm-resources";
import { createDefaultHttpClient, createPipelineRequest } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { AzureSession } from "../../../components/azure/session.ts";
import type { Properties } from "../plugin/values.ts";
import { ArmError, explain, explainCredential } from "./armError.ts";

/** How long an operation may take when the program sets no `customTimeouts`, as in azure-native. */
const defaultTimeoutSeconds = 2 * 60 * 60;

/** Until ARM's first status answer, whose Retry-After counts from then on. */
const updateIntervalInMs = 500;

/** The outcome of a PUT that ARM took on but didn't finish: something may exist now. */
export class Unfinished extends Error {
  readonly failure: Error;

  constructor(failure: Error) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Azure Resource Manager for any resource type, through the generic client of the Azure SDK. */
export class Arm {
  readonly session: AzureSession;
  readonly subscriptionId: string;
  private readonly client: ResourceManagementClient;
  private readonly http = createDefaultHttpClient();
  private readonly shutdown = new AbortController();

  constructor(session: AzureSession, subscriptionId: string) {
    this.session = session;
    this.subscriptionId = subscriptionId;
    this.client = new ResourceManagementClient({ getToken: this.token }, subscriptionId, {
      endpoint: session.endpoint,
      credentials: { scopes: session.scopes },
    });
  }

  /** @throws {Error} that says which settings to look at, when there is none to be had. */
  readonly token: TokenCredential["getToken"] = async (scopes, options) => {
    try {
      return await this.session.credential.getToken(scopes, options);
    } catch (error) {
      throw explainCredential(error, this.session.endpoint);
    }
  };

  /** Stops waiting for operations that run; Azure finishes them on its own. */
  cancel(): void {
    this.shutdown.abort();
  }

  /** @returns the resource as ARM sends it, or nothing when there is none. */
  async get(id: string, apiVersion: string): Promise<Properties | undefined> {
    let body: Properties | undefined;
    try {
      // The client's own result keeps only what it knows of a resource.
      await this.client.resources.getById(relative(id), apiVersion, {
        onResponse: (response) => {
          body = (response.parsedBody ?? JSON.parse(response.bodyAsText ?? "null")) as Properties;
        },
      });
    } catch (error) {
      const failure = explain(error, this.session.endpoint);
      if (failure instanceof ArmError && failure.status === 404) {
        return undefined;
      }
      throw failure;
    }
    return body;
  }

  /**
   * Creates or replaces, and waits until Azure has finished.
   *
   * @throws {Unfinished} when ARM accepted the request and failed later.
   */
  async put(id: string, apiVersion: string, body: Properties, timeoutSeconds: number): Promise<void> {
    const abortSignal = this.signal(timeoutSeconds);
    const poller = this.client.resources.createOrUpdateById(relative(id), apiVersion, body, {
      abortSignal,
      updateIntervalInMs,
    });
    try {
      await poller.submitted();
    } catch (error) {
      throw explain(error, this.session.endpoint);
    }
    try {
      await poller.pollUntilDone({ abortSignal });
    } catch (error) {
      throw new Unfinished(explain(error, this.session.endpoint));
    }
  }

  /** Deletes and waits; what is gone already is no failure. */
  async delete(id: string, apiVersion: string, timeoutSeconds: number): Promise<void> {
    const abortSignal = this.signal(timeoutSeconds);
    try {
      await this.client.resources
        .deleteById(relative(id), apiVersion, { abortSignal, updateIntervalInMs })
        .pollUntilDone({ abortSignal });
    } catch (error) {
      const failure = explain(error, this.session.endpoint);
      if (!(failure instanceof ArmError && failure.status === 404)) {
        throw failure;
      }
    }
  }

  /** Posts to an action such as `listCredentials`, which the generic client has no method for. */
  async post(id: string, apiVersion: string, query: Readonly<Record<string, string>>): Promise<Properties> {
    const parameters = new URLSearchParams({ ...query, "api-version": apiVersion });
    const url = `${this.session.endpoint}/${relative(id)}?${parameters}`;
    const request = createPipelineRequest({
      url,
      method: "POST",
      body: "{}",
      abortSignal: this.signal(0),
    });
    request.headers.set("content-type", "application/json");
    request.headers.set("accept", "application/json");
    try {
      const response = await this.client.pipeline.sendRequest(this.http, request);
      const body = JSON.parse(response.bodyAsText || "{}");
      if (response.status >= 400) {
        const error = body.error ?? body;
        throw new ArmError(response.status, error.code ?? "Unknown", error.message ?? "no message");
      }
      return body as Properties;
    } catch (error) {
      throw explain(error, this.session.endpoint);
    }
  }

  private signal(timeoutSeconds: number): AbortSignal {
    const limit = AbortSignal.timeout((timeoutSeconds || defaultTimeoutSeconds) * 1000);
    return AbortSignal.any([this.shutdown.signal, limit]);
  }
}

/** The client puts a slash before the id; two would make the first segment a host. */
function relative(id: string): string {
  return id.replace(/^\/+/, "");
}
