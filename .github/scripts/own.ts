/** An issue or a comment, as far as it is read. */
export interface Post {
  id: number;
  number: number;
  body?: string | null;
  user?: { login?: string; type?: string } | null;
  /** Only what is a pull request has it. */
  pull_request?: object;
}

/** Whom GitHub names as the author of what a workflow's own token writes. */
export const AUTHOR = process.env["COMMENT_AUTHOR"] ?? "github-actions[bot]";

/**
 * Whether a workflow wrote this, and it begins with the marker. Anybody can write a marker, so that who wrote it
 * counts, too: nobody's own words are ever overwritten.
 */
export function own({ body, user }: Post, marker: string) {
  return user?.login === AUTHOR && user.type === "Bot" && (body ?? "").startsWith(marker);
}
