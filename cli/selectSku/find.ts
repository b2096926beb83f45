import { type AzureUnavailableError, classify } from "../../components/vmSkuSelection/armErrors.ts";
import { azureSource } from "../../components/vmSkuSelection/azure.ts";
import type { RegionFacts } from "../../components/vmSkuSelection/facts.ts";
import { QuotaLedger } from "../../components/vmSkuSelection/quota.ts";
import { type Selection, selectVmSku } from "../../components/vmSkuSelection/select.ts";
import type { VmPoolRequest } from "../../components/vmSkuSelection/types.ts";
import { exitCodes, UserError } from "../userError.ts";
import { subscriptionId } from "./subscription.ts";

/** What the command is asked. */
export interface Question {
  request: VmPoolRequest;
  location: string;
  /** Looked at only when nothing fits. */
  otherLocations: string[];
  subscription?: string;
}

/** What it answers. */
export interface Found extends Selection {
  request: VmPoolRequest;
  location: string;
  subscriptionId: string;
  /** Whether Azure lists any VM size in the region. */
  regionKnown: boolean;
  /** What the other regions would give, when they were looked at; null for nothing. */
  elsewhere: Record<string, string | null>;
}

/**
 * Asks Azure and chooses.
 *
 * @throws {UserError} with exit code 4 when Azure can't be asked, 2 when there is no such region
 */
export async function find(question: Question): Promise<Found> {
  const { request } = question;
  try {
    const subscription = await subscriptionId(question.subscription);
    const azure = azureSource();
    const facts = await azure.region(subscription, question.location);
    const selection = select(request, facts);
    const others = selection.vmSize ? [] : question.otherLocations;
    const elsewhere = await Promise.all(
      others.map(async (location) => {
        const there = select(request, await azure.region(subscription, location));
        return [location, there.vmSize ?? null] as const;
      }),
    );
    return {
      ...selection,
      request,
      location: facts.location,
      subscriptionId: subscription,
      regionKnown: facts.skus.length > 0,
      elsewhere: Object.fromEntries(elsewhere),
    };
  } catch (error) {
    throw error instanceof UserError ? error : userError(classify(error));
  }
}

function userError({ problem, message }: AzureUnavailableError): UserError {
  return new UserError(message, problem === "no-such-region" ? exitCodes.usage : exitCodes.azureUnavailable);
}

function select(request: VmPoolRequest, { skus, quotas }: RegionFacts): Selection {
  return selectVmSku(request, skus, new QuotaLedger(quotas));
}
