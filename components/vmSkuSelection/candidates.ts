import { supportedGpu } from "./gpus.ts";
import { cpuSeries, gpuSizesByPrice, type Series } from "./series.ts";
import type { SkuSource, VmPoolRequest } from "./types.ts";

/** A VM size to judge. */
export interface Candidate {
  vmSize: string;
  source: SkuSource;
}

const leastVcpus = 2;
const leastMemoryGiB = 4;

/** What a node must have when the request doesn't say. */
export function needs(request: VmPoolRequest) {
  return {
    arch: request.nodeArch ?? "amd64",
    gpus: request.gpus ?? 0,
    gpuMemoryGiB: request.minGpuMemoryGiB ?? 0,
    vcpus: request.minVcpus ?? leastVcpus,
    memoryGiB: request.minMemoryGiB ?? leastMemoryGiB,
  };
}

/**
 * The sizes to try, in order: the fixed one alone, or the preferred ones, then the built-in ones
 * from cheap to dear, then burstable ones unless the request is against them. Of each built-in series only the smallest size that is
 * able, because a larger one needs more of the same quota; of the GPU sizes only those with the
 * least sufficient number of GPUs, so that a full quota never ends in a bill eight times as high.
 */
export function candidatesFor(request: VmPoolRequest): Candidate[] {
  if (request.vmSize) {
    return [{ vmSize: request.vmSize, source: "fixed" }];
  }
  const seen = new Set<string>();
  return [
    ...(request.preferredSkus ?? []).map((vmSize): Candidate => ({ vmSize, source: "preferred" })),
    ...builtIn(request),
  ].filter(({ vmSize }) => {
    const key = vmSize.toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
}

function builtIn(request: VmPoolRequest): Candidate[] {
  const { arch, gpus } = needs(request);
  if (gpus > 0) {
    return arch === "amd64" ? gpuCandidates(request) : [];
  }
  const series = cpuSeries.filter((each) => each.arch === arch);
  return [
    ...cpuCandidates(
      series.filter((each) => !each.burstable),
      request,
      "built-in",
    ),
    ...cpuCandidates(
      series.filter((each) => each.burstable && (request.burstable ?? true)),
      request,
      "burstable",
    ),
  ];
}

function gpuCandidates(request: VmPoolRequest): Candidate[] {
  const { gpus, gpuMemoryGiB } = needs(request);
  const able = gpuSizesByPrice.flatMap((vmSize) => {
    const figures = supportedGpu(vmSize);
    return figures && figures.gpus >= gpus && figures.memoryGiB >= gpuMemoryGiB
      ? [{ vmSize, gpus: figures.gpus }]
      : [];
  });
  const fewest = Math.min(...able.map((size) => size.gpus));
  return able
    .filter((size) => size.gpus === fewest)
    .map(({ vmSize }) => ({ vmSize, source: "built-in" as const }));
}

function cpuCandidates(series: Series[], request: VmPoolRequest, source: SkuSource): Candidate[] {
  const { vcpus, memoryGiB } = needs(request);
  return series
    .flatMap(({ series: name, gibPerVcpu, usd }) => {
      const step = usd.findIndex((_, index) => {
        const size = 2 ** (index + 1);
        return size >= vcpus && size * gibPerVcpu >= memoryGiB;
      });
      const price = usd[step];
      return price === undefined
        ? []
        : [{ vmSize: `Standard_${name.replace("#", String(2 ** (step + 1)))}`, price }];
    })
    .sort((a, b) => a.price - b.price)
    .map(({ vmSize }) => ({ vmSize, source }));
}
