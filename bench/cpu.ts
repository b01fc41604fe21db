import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of a tick in /proc: Linux tells user space 100 a second, whatever the kernel counts with (proc(5)). */
const TICK_MS = 10;

/** This process's CPU time in milliseconds, all of its threads. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The fields of a process in /proc after its name, which may hold blanks; null for none. */
function fieldsOf(pid: number | string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** The processes that a process has started. */
export function childrenOf(parent: number): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && fieldsOf(name)?.[1] === String(parent))
    .map(Number);
}

/**
 * The CPU time of a process, of its children that live, and of those that it has buried, in milliseconds; 0 where there is
 * no /proc.
 */
export function familyCpuMs(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, member) => {
    const [user = 0, system = 0, buriedUser = 0, buriedSystem = 0] = (fieldsOf(member) ?? [])
      .slice(11, 15)
      .map(Number);
    return sum + (user + system + buriedUser + buriedSystem) * TICK_MS;
  }, 0);
}

/** How long all cores together have been at work since the machine was started, in milliseconds; 0 without /proc. */
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

/** The memory of a process that is in use, in bytes, shared pages counted by their share where the kernel tells; 0 without /proc. */
export function memoryBytes(pid: number, { proportional }: { proportional: boolean }): number {
  const file = proportional ? "smaps_rollup" : "status";
  const pattern = proportional ? /^Pss:\s+(\d+) kB/m : /^VmRSS:\s+(\d+) kB/m;
  try {
    return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
