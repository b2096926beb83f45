import type { CheckedSignIn } from "./signIn.ts";

/** All that the app's plain variables are made of. */
export interface ChatFacts {
  /** Where it is inside the cluster. */
  serviceUrl: string;
  publicUrl?: string;
  signIn: CheckedSignIn;
  systemPrompt: string;
  suggestions: string[];
  modelTimeoutSeconds: number;
  toolTimeoutSeconds: number;
  toolRounds: number;
  uploads: boolean;
  /** Ids of the tools that a new chat has, as Open WebUI calls them. */
  attachedTools: string[];
  /** Whether there is a Redis. */
  redis: boolean;
}

/** What is known of the app's partners once they are there; all of it is treated as a secret. */
export interface ChatPartners {
  models: { name: string; url: string; modelNames: string[]; apiKey: string }[];
  tools: {
    name: string;
    title: string;
    description: string;
    url: string;
    token: string;
    functions: string[];
  }[];
  ragEngines: { name: string; url: string; indexes: string[]; description: string }[];
  databaseUrl?: string;
  redisUrl?: string;
  secretKey: string;
  administratorPassword: string;
  entraClientSecret?: string;
}
