import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a job's token may do, as `permissions` of a workflow say it. */
export type Permission = "issues" | "pull_requests";

interface Author {
  login: string;
  type: "Bot" | "User";
}

export interface FakeIssue {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  state_reason?: string;
  labels: string[];
  user: Author;
  pull_request?: object;
}

export interface FakeComment {
  id: number;
  issue: number;
  body: string;
  user: Author;
}

export const BOT: Author = { login: "github-actions[bot]", type: "Bot" };
export const PERSON: Author = { login: "octocat", type: "User" };
const TOKEN = "fake-token";
/** Answered to whatever has a longer body, with status 422. */
const LONGEST = 65_536;

/**
 * GitHub's REST API as far as the workflows use it, with its rules from the documentation: lists come in pages of at
 * most 100 with a Link header, a list of issues has pull requests in it, what a token may not do is 403, and a body
 * has at most 65,536 characters. Source: https://docs.github.com/rest/issues and /rest/using-the-rest-api.
 */
export class FakeGitHub {
  readonly issues: FakeIssue[] = [];
  readonly comments: FakeComment[] = [];
  /** Every request that was let in, as "POST /issues". */
  readonly asked: string[] = [];
  readonly #permissions: ReadonlySet<Permission>;
  #next = 1000;

  constructor(permissions: readonly Permission[]) {
    this.#permissions = new Set(permissions);
  }

  /** Listens until the test ends, and returns the environment that a job has. */
  async start(): Promise<Record<string, string>> {
    const server: Server = createServer(async (request, response) => {
      const { status, body, link } = this.#answer(request, await read(request));
      response.writeHead(status, { "content-type": "application/json", ...(link && { link }) });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "octo/platform",
      GITHUB_TOKEN: TOKEN,
    };
  }

  #answer(request: IncomingMessage, sent: Record<string, unknown>) {
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    const path = url.pathname.replace("/repos/octo/platform", "");
    const refuse = (status: number, message: string) => ({ status, body: { message }, link: undefined });
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return refuse(401, "Bad credentials");
    if (request.method !== "GET" && !this.#mayWrite(path)) {
      return refuse(403, "Resource not accessible by integration");
    }
    if (typeof sent["body"] === "string" && sent["body"].length > LONGEST) {
      return refuse(422, "Validation Failed: body is too long (maximum is 65536 characters)");
    }
    this.asked.push(`${request.method} ${path}`);
    const [, , number = "", rest] = path.split("/");
    const done = (body: unknown, status = 200) => ({ status, body, link: undefined });
    switch (`${request.method} ${path.replace(/\d+/g, "N")}`) {
      case "GET /issues": {
        const wanted = url.searchParams;
        const labels = wanted.get("labels")?.split(",") ?? [];
        return this.#page(
          url,
          this.issues.filter(
            (each) =>
              each.state === (wanted.get("state") ?? "open") &&
              each.user.login === (wanted.get("creator") ?? each.user.login) &&
              labels.every((label) => each.labels.includes(label)),
          ),
        );
      }
      case "POST /issues": {
        const made: FakeIssue = {
          number: ++this.#next,
          state: "open",
          user: BOT,
          ...(sent as object),
        } as FakeIssue;
        this.issues.push(made);
        return done(made, 201);
      }
      case "PATCH /issues/N": {
        const found = this.issues.find((each) => each.number === Number(number));
        return found ? done(Object.assign(found, sent)) : refuse(404, "Not Found");
      }
      case "GET /issues/N/comments":
        return this.#page(
          url,
          this.comments.filter(({ issue }) => issue === Number(number)),
        );
      case "POST /issues/N/comments": {
        const made = { id: ++this.#next, issue: Number(number), body: String(sent["body"]), user: BOT };
        this.comments.push(made);
        return done(made, 201);
      }
      case "PATCH /issues/comments/N": {
        const found = this.comments.find(({ id }) => id === Number(rest));
        return found ? done(Object.assign(found, sent)) : refuse(404, "Not Found");
      }
      default:
        return refuse(404, "Not Found");
    }
  }

  /** Either permission is enough for comments; issues themselves need the first. */
  #mayWrite(path: string): boolean {
    return (
      this.#permissions.has("issues") ||
      (this.#permissions.has("pull_requests") && /\/comments(\/\d+)?$/.test(path))
    );
  }

  #page(url: URL, items: readonly unknown[]) {
    const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), 100);
    const page = Number(url.searchParams.get("page") ?? 1);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const link = items.length > page * size ? `<${next}>; rel="next", <${next}>; rel="last"` : undefined;
    return { status: 200, body: items.slice((page - 1) * size, page * size), link };
  }
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const part of request) text += part;
  return text === "" ? {} : JSON.parse(text);
}
