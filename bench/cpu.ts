import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of a tick in /proc: Linux reports 100 a second, whatever the kernel's own rate (proc(5)). */
const TICK_MS = 10;

/** Returns this process's CPU time in milliseconds, of all its threads. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Returns the fields of /proc/PID/stat after the name, which may contain blanks; null if there is no such process. */
function fieldsOf(pid: number | string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** Returns the ids of a process's children. */
export function childrenOf(parent: number): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && fieldsOf(name)?.[1] === String(parent))
    .map(Number);
}

/**
 * Returns the CPU time of a process, its live children and its reaped ones, in milliseconds; 0 on a platform without
 * /proc.
 */
export function processTreeCpuMs(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, member) => {
    const [user = 0, system = 0, reapedUser = 0, reapedSystem = 0] = (fieldsOf(member) ?? [])
      .slice(11, 15)
      .map(Number);
    return sum + (user + system + reapedUser + reapedSystem) * TICK_MS;
  }, 0);
}

/** Returns the CPU time of all cores together since the machine was started, in milliseconds; 0 without /proc. */
export function machineCpuMs(): number {
  try {
    const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
    const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, stolen = 0] = line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softIrq + stolen) * TICK_MS;
  } catch {
    return 0;
  }
}

/** Returns a process's resident memory in bytes; `proportional` divides shared pages (PSS). 0 without /proc. */
export function memoryBytes(pid: number, { proportional }: { proportional: boolean }): number {
  const file = proportional ? "smaps_rollup" : "status";
  const pattern = proportional ? /^Pss:\s+(\d+) kB/m : /^VmRSS:\s+(\d+) kB/m;
  try {
    return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
