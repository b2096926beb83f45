import { REPOSITORY } from "../../components/forms.ts";

/**
 * What can be done with a repository, in the words of a bearer token's scopes.
 * Source: docs/AAD-OAuth.md of github.com/Azure/acr.
 */
export type RepositoryAction = "pull" | "push" | "delete" | "metadata_read";

/** Something to be done with a repository. */
export interface Access {
  repository: string;
  actions: RepositoryAction[];
}

/** What a request to a registry is about. */
export type Target =
  | { kind: "version" }
  | { kind: "catalog" }
  | { kind: "repository"; repository: string; needs: Access[] }
  | { kind: "none" };

/** Rights of a scope map by the action that they allow. Source: https://aka.ms/acr/repo-permissions */
const rights: Readonly<Record<string, RepositoryAction>> = {
  "content/read": "pull",
  "content/write": "push",
  "content/delete": "delete",
  "metadata/read": "metadata_read",
};

/**
 * What a request needs. As in the reference implementation a push needs pull too (its `appendAccessRecords`), which
 * holds in ACR: https://github.com/Azure/acr/issues/708. Tags are metadata there.
 */
export function targetOf(method: string, url: URL): Target {
  const path = url.pathname;
  if (/^\/v2\/?$/.test(path)) {
    return { kind: "version" };
  }
  if (path === "/v2/_catalog") {
    return { kind: "catalog" };
  }
  const match = /^\/v2\/(.+)\/(?:(tags)\/list|manifests\/[^/]+|blobs\/(?:uploads\/[^/]*|[^/]+))$/.exec(path);
  const [, repository = "", tags] = match ?? [];
  if (!REPOSITORY.pattern.test(repository)) {
    return { kind: "none" };
  }
  const needs = [{ repository, actions: tags ? ["metadata_read" as const] : actionsOf(method) }];
  // A layer that is taken over from another repository has to be readable there.
  const from = url.searchParams.get("from");
  if (method === "POST" && from) {
    needs.push({ repository: from, actions: ["pull"] });
  }
  return { kind: "repository", repository, needs };
}

function actionsOf(method: string): RepositoryAction[] {
  if (method === "GET" || method === "HEAD") {
    return ["pull"];
  }
  return method === "DELETE" ? ["delete"] : ["pull", "push"];
}

/** What a scope map's actions allow with a repository; `*` in a scope map's repository stands for any text. */
export function allowedBy(scopeMapActions: readonly string[], repository: string): RepositoryAction[] {
  return scopeMapActions.flatMap((action) => {
    const [, pattern = "", right = ""] = /^repositories\/(.+)\/(\w+\/\w+)$/.exec(action) ?? [];
    const form = new RegExp(`^${pattern.split("*").map(RegExp.escape).join(".*")}$`);
    const allowed = rights[right];
    return allowed && form.test(repository) ? [allowed] : [];
  });
}

/** Whether everything that is needed is among what is held. */
export function covers(held: readonly Access[], needs: readonly Access[]): boolean {
  return needs.every(({ repository, actions }) =>
    actions.every((action) =>
      held.some((one) => one.repository === repository && one.actions.includes(action)),
    ),
  );
}

/** `repository:mcp/echo:pull,push`, several in a row separated by blanks. Others than repositories are left out. */
export function accessOf(scopes: readonly string[]): Access[] {
  return scopes
    .flatMap((scope) => scope.split(" "))
    .flatMap((scope) => {
      const [, repository, actions = ""] = /^repository:([^:]+):(.*)$/.exec(scope) ?? [];
      return repository ? [{ repository, actions: actions.split(",") as RepositoryAction[] }] : [];
    });
}

/** The scope that a challenge asks for. */
export function scopeOf(needs: readonly Access[]): string {
  return needs.map(({ repository, actions }) => `repository:${repository}:${actions.join(",")}`).join(" ");
}
