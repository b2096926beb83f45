/** What Docker, Kubernetes and the tools that push images read as `config.json`, with one registry in it. */
export function dockerConfigJson(loginServer: string, username: string, password: string): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return JSON.stringify({ auths: { [loginServer]: { username, password, auth } } });
}
