import type { Bench } from "./context";
import { childrenOf, memoryBytes } from "./cpu";
import { type Gatehouse, postmasterPid } from "./gatehouse";
import type { Row } from "./table";

const MB = 1_000_000;

/** Measures the memory of the server and its database after the run; unknown on a platform without /proc. */
export async function measureMemory(bench: Bench, { program }: Gatehouse): Promise<Row[]> {
  const postmaster = await postmasterPid(bench);
  const database = [postmaster, ...childrenOf(postmaster)];
  const show = (bytes: number) => (bytes > 0 ? `${(bytes / MB).toFixed(0)} MB` : "unknown");
  return [
    {
      label: "Memory, node",
      value: show(memoryBytes(program.pid, { proportional: false })),
      note: "resident, after the run",
    },
    {
      label: "Memory, PostgreSQL",
      value: show(database.reduce((sum, pid) => sum + memoryBytes(pid, { proportional: true }), 0)),
      note: `${database.length} processes, shared pages divided among them`,
    },
  ];
}
