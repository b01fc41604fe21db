import { availableParallelism } from "node:os";
import { machineCpuMs, ownCpuMs, processTreeCpuMs } from "./cpu";
import type { Load } from "./load";
import { median } from "./statistics";

/** One of several loads to compare, and the processes that handle it. */
export type ComparedLoad = Readonly<{
  run: (ms: number) => Promise<Load>;
  /** By name: the ids of the processes whose CPU time is reported, including their children's. */
  processes: Readonly<Record<string, number>>;
}>;

/** A round of one load, with the CPU time that it took, in milliseconds. */
export type Round = Load &
  Readonly<{
    cpuMs: Readonly<Record<string, number>>;
    /** The share of the machine's CPU time that other programs used. */
    others: number;
  }>;

/** The name of the load-generating process in `cpuMs`. */
export const CLIENT = "client";

async function measure({ run, processes }: ComparedLoad, ms: number): Promise<Round> {
  const clocks: [string, () => number][] = [
    [CLIENT, ownCpuMs],
    ...Object.entries(processes).map(([name, pid]): [string, () => number] => [
      name,
      () => processTreeCpuMs(pid),
    ]),
  ];
  const machineBefore = machineCpuMs();
  const before = clocks.map(([, read]) => read());
  const load = await run(ms);
  const spent = clocks.map(([, read], index) => read() - (before[index] ?? 0));
  const foreign = machineCpuMs() - machineBefore - spent.reduce((sum, cpu) => sum + cpu, 0);
  return {
    ...load,
    cpuMs: Object.fromEntries(clocks.map(([name], index) => [name, spent[index] ?? 0])),
    others: Math.max(0, foreign / (load.ms * availableParallelism())),
  };
}

/**
 * Runs the loads in turns, in alternating order, so that other work on the machine affects all of them alike. Keeps the
 * half of the rounds in which other programs used the least CPU time; the measured figures do not influence the choice.
 *
 * @returns the kept rounds of each load
 */
export async function compareLoads<Name extends string>(
  loads: Readonly<Record<Name, ComparedLoad>>,
  { rounds, ms, warmUpMs }: Readonly<{ rounds: number; ms: number; warmUpMs: number }>,
): Promise<Record<Name, Round[]>> {
  const names = Object.keys(loads) as Name[];
  const all: Record<Name, Round>[] = [];
  for (const name of names) await loads[name].run(warmUpMs);
  for (let round = 0; round < rounds; round += 1) {
    const measured: Partial<Record<Name, Round>> = {};
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      measured[name] = await measure(loads[name], ms);
    }
    all.push(measured as Record<Name, Round>);
  }
  const disturbance = (round: Record<Name, Round>) => Math.max(...names.map((name) => round[name].others));
  const quiet = all.sort((a, b) => disturbance(a) - disturbance(b)).slice(0, Math.ceil(rounds / 2));
  return Object.fromEntries(names.map((name) => [name, quiet.map((round) => round[name])])) as Record<
    Name,
    Round[]
  >;
}

/** Returns the CPU time of one operation in milliseconds, by process. */
export function cpuEach(rounds: readonly Round[]): Record<string, number> {
  const names = Object.keys(rounds[0]?.cpuMs ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map(({ cpuMs, count }) => (cpuMs[name] ?? 0) / count))]),
  );
}

/** Returns the other programs' shares of the CPU time in all rounds. */
export function othersIn(results: Readonly<Record<string, readonly Round[]>>): number[] {
  return Object.values(results).flatMap((rounds) => rounds.map(({ others }) => others));
}
