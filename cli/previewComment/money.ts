/** An amount of USD with its sign, to the cent; nothing for less than that. */
export function signed(usd: number): string {
  const text = amount(Math.abs(usd));
  return text === "0.00" ? "0" : `${usd > 0 ? "+" : "-"}${text}`;
}

/** An amount of USD, to the cent. */
export function amount(usd: number): string {
  return usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
