/** How a receiver's address is set anew. */
function renew(name: string, key: string): string {
  return `pulumi config set --secret --path mcpaas:alerts.receivers.${name}.${key}, then pulumi up`;
}

/**
 * What to do about a receiver that didn't confirm. Azure tells of an HTTP status, or of what its mail server says.
 * Source: https://learn.microsoft.com/azure/azure-monitor/alerts/test-action-group-errors
 *
 * @param detail what Azure said
 * @param status what the action group says of the receiver itself
 */
export function adviceFor(kind: string, name: string, detail: string, status?: string): string {
  if (status === "Disabled") {
    return "who gets it has unsubscribed; subscribe again by the link in an earlier message, or in the portal";
  }
  if (kind === "email") {
    return (
      "look at the address; a new one must enter the code that Azure sends it, within 30 minutes of pulumi up, " +
      "and mail of azure-noreply@microsoft.com must be let in"
    );
  }
  if (kind !== "webhook" && kind !== "logic app") return "look at the receiver in the Azure portal";
  const key = kind === "webhook" ? "webhook" : "logicApp.callbackUrl (or .teams)";
  const [, code = ""] = /\b(?:HTTP )?([1-5]\d\d)\b/.exec(detail) ?? [];
  if (["401", "403"].includes(code))
    return `its key is wrong or has expired; set it anew: ${renew(name, key)}`;
  if (["400", "422"].includes(code)) {
    return "it doesn't take Azure's common alert schema; put a Logic App between (docs/alerting.md)";
  }
  if (["404", "410"].includes(code)) return `nothing is there; set the address anew: ${renew(name, key)}`;
  if (code === "429") return "it takes no more now; test again later";
  if (code.startsWith("5")) return "it fails by itself; look at its logs, and test again";
  return (
    "Azure can't reach it: the address must be public, have a certificate that everybody trusts, and let in the " +
    "service tag ActionGroup; without any answer Azure sends nothing there for 15 minutes"
  );
}
