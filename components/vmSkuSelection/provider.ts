import type { dynamic } from "@pulumi/pulumi";

export async function check(_olds: unknown, news: unknown): Promise<dynamic.CheckResult> {
  return { inputs: news };
}
export async function diff(_id: string, _olds: unknown, _news: unknown): Promise<dynamic.DiffResult> {
  return { changes: false };
}
export async function create(inputs: object): Promise<dynamic.CreateResult> {
  return { id: "vm-sku-selection", outs: { ...inputs } };
}
export async function read(id: string, props: object): Promise<dynamic.ReadResult> {
  return { id, props: { ...props } };
}
export async function update(_id: string, _olds: object, news: object): Promise<dynamic.UpdateResult> {
  return { outs: { ...news } };
}
