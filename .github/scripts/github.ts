/** What GitHub's REST API refused, in words. */
export class GitHubError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.name = "GitHubError";
    this.status = status;
  }
}

/** GitHub's REST API, for one repository, with the token of the job. */
export interface GitHub {
  /** Sends a request and returns what is answered. @throws {GitHubError} */
  request<T>(method: string, path: string, body?: object): Promise<T>;
  /** All items of a list, page by page. @throws {GitHubError} */
  all<T>(path: string): AsyncGenerator<T>;
}

/** The most that GitHub gives a page. */
const PAGE = 100;

/**
 * GitHub as a job finds it: GITHUB_API_URL, GITHUB_REPOSITORY, and GITHUB_TOKEN, which the workflow has to hand over.
 *
 * Source: https://docs.github.com/rest (comments, issues, pagination), API version 2022-11-28.
 */
export function gitHub(env: NodeJS.ProcessEnv = process.env): GitHub {
  const repository = needed(env, "GITHUB_REPOSITORY");
  const token = needed(env, "GITHUB_TOKEN");
  const base = `${env["GITHUB_API_URL"] ?? "https://api.github.com"}/repos/${repository}`;
  const send = async (method: string, url: string, body?: object) => {
    const response = await fetch(url, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "x-github-api-version": "2022-11-28",
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      const { message = "no message" } = (await response.json().catch(() => ({}))) as { message?: string };
      const asked = `${method} ${url.slice(base.length)}`;
      throw new GitHubError(
        `GitHub answers ${response.status} to ${asked}: ${message}${hint(response.status)}`,
        response.status,
      );
    }
    return response;
  };
  return {
    request: async <T>(method: string, path: string, body?: object) =>
      (await send(method, `${base}${path}`, body)).json() as Promise<T>,
    async *all<T>(path: string) {
      let next: string | undefined = `${base}${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}`;
      while (next !== undefined) {
        const response: Response = await send("GET", next);
        yield* (await response.json()) as T[];
        next = nextPage(response.headers.get("link"));
        // The token goes to GitHub's API only, whatever a header says.
        if (next !== undefined && new URL(next).origin !== new URL(base).origin) {
          throw new Error(`GitHub's next page is elsewhere: ${new URL(next).origin}`);
        }
      }
    },
  };
}

function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(link ?? "")?.[1];
}

function hint(status: number): string {
  return status === 403 || status === 404
    ? "; does the job have the permission, as in pull-requests: write or issues: write?"
    : "";
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
