/** Whether an address, or a range of them, is wider than the given length of a prefix, or none that can be read. */
export function isWider(range: unknown, widest: number): boolean {
  const [address = "", length] = String(range).split("/");
  const bits = address.includes(":") ? 128 : 32;
  const prefix = length === undefined ? bits : Number(length || Number.NaN);
  return !Number.isInteger(prefix) || prefix < widest;
}
