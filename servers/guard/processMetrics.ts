import { performance } from "node:perf_hooks";
import { Counter, Gauge, type Registry } from "prom-client";

/**
 * What the guard's process uses, read when somebody asks. Three series of the library's forty: what tells when one
 * guard has enough to do, where a container's own metrics are of the whole pod or not kept.
 */
export function processMetrics(registers: Registry[]): void {
  new Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the process.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the process that is in RAM.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: "mcp_guard_event_loop_active_seconds_total",
    help: "Time in which the event loop had something to do; it can't be more than one second a second.",
    registers,
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1000);
    },
  });
}
