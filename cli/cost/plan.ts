import * as pulumi from "@pulumi/pulumi";
import messages from "@pulumi/pulumi/proto/callback_pb.js";
import state from "@pulumi/pulumi/runtime/state.js";
import { type Registered, type Resource, withComponents } from "../../cost/resource.ts";
import { deploy } from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import { answers, type ChooseVmSize } from "./answers.ts";

/** The SDK's request and response, as far as they are read here; it has no public types for mocks' ones. */
interface Request {
  getType(): string;
  getParent(): string;
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}
type Answer = (error: unknown, response?: { getUrn(): string }) => void;
interface Monitor {
  registerResource(request: Request, answer: Answer): Promise<void>;
}

/** A resource as the program asks for it. */
export interface Planned extends Registered {
  /** URNs of the resources that have to be there before. */
  dependencies: string[];
}

/** What the program would make with these settings, with the component of each; see {@link registrationsOf}. */
export async function planOf(settings: Settings, chooseVmSize: ChooseVmSize): Promise<Resource[]> {
  return withComponents(await registrationsOf(settings, chooseVmSize));
}

/**
 * What the program would make with these settings, without asking Azure or a cluster: the program itself runs, and
 * the SDK's mocks answer in the place of the providers.
 *
 * One at a time in a process: the SDK has one engine to talk to.
 *
 * @param chooseVmSize stands for the choice by quota
 * @throws what the program throws when it refuses the settings
 */
export async function registrationsOf(settings: Settings, chooseVmSize: ChooseVmSize): Promise<Planned[]> {
  const { outputs, calls } = answers(chooseVmSize);
  const registered: Planned[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: `${name}-id`,
        state: { ...inputs, ...outputs[type]?.(inputs) },
      }),
      call: ({ token, inputs }) => calls[token]?.(inputs) ?? {},
    },
    "mcpaas",
    settings.stack,
    false,
  );
  acceptTransforms();
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) =>
    register(request, (error, response) => {
      if (response !== undefined) {
        const parent = request.getParent() || undefined;
        const inputs = request.getObject()?.toJavaScript();
        const dependencies = request.getDependenciesList();
        registered.push({ type: request.getType(), urn: response.getUrn(), parent, inputs, dependencies });
      }
      answer(error, response);
    });
  // What fails inside an Output nobody waits for; the engine would end the program, and so does this.
  const failures: unknown[] = [];
  const take = (reason: unknown) => void failures.push(reason);
  process.on("unhandledRejection", take);
  try {
    await deploy(settings);
  } finally {
    // Waits for every registration, also after an error: none may arrive in the next plan.
    await pulumi.runtime.disconnect();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", take);
  }
  if (failures.length > 0) throw failures[0];
  return registered;
}

/** The SDK's mocks refuse resource transforms. Here they are taken and not called: they change no price. */
function acceptTransforms(): void {
  // biome-ignore lint/suspicious/noExplicitAny: a part of the SDK that has no public way in.
  const store = (state as any).getStore();
  store.supportsTransforms = true;
  store.callbacks = {
    registerTransform: async () => new messages.Callback(),
    awaitStackRegistrations: async () => {},
    shutdown: () => {},
  };
}
