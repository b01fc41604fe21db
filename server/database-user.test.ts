import { readFile, stat } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findDatabaseUser } from "./database-user";
import { run } from "./postgres-process";
import { StartupError } from "./startup-error";

vi.mock("./postgres-process", () => ({ run: vi.fn() }));
vi.mock("node:fs/promises", () => ({ readFile: vi.fn(), stat: vi.fn() }));

const target = { binary: "/bin/postgres", root: "/data", cluster: "/data/postgres" };
const adopt = vi.fn<Parameters<typeof findDatabaseUser>[1]>();
const drop = ["setpriv", "--reuid=101", "--regid=102", "--clear-groups"];
const keeping = (capability: string) => [
  ...drop,
  "--securebits=+no_setuid_fixup",
  `--inh-caps=+${capability}`,
  `--ambient-caps=+${capability}`,
];
const mapped = ["unshare", "--user", "--map-user=65534", "--map-group=65534"];

/** What the machine is like, unless a test says otherwise: PostgreSQL has a user of its own, who can access everything. */
let machine: { hasUser: boolean; reaches: (prefix: string) => boolean };
const ran = () => vi.mocked(run).mock.calls.map(([command]) => command.join(" "));

function startAs(self: number, owner: number | null, capabilities = "0") {
  vi.spyOn(process, "getuid").mockReturnValue(self);
  vi.spyOn(process, "getgid").mockReturnValue(self);
  if (owner === null) vi.mocked(stat).mockRejectedValue(new Error("ENOENT"));
  else vi.mocked(stat).mockResolvedValue({ uid: owner, gid: owner + 1 } as Awaited<ReturnType<typeof stat>>);
  vi.mocked(readFile).mockResolvedValue(`Name:\tnode\nCapEff:\t${capabilities.padStart(16, "0")}\n`);
  return findDatabaseUser(target, adopt);
}

beforeEach(() => {
  machine = { hasUser: true, reaches: () => true };
  vi.mocked(run).mockImplementation(async (command) => {
    const [program, option] = command;
    if (program === "useradd") machine.hasUser = true;
    if (program === "id")
      return { code: machine.hasUser ? 0 : 1, output: option === "-u" ? "101\n" : "102\n" };
    if (!command.includes("/bin/sh")) return { code: 0, output: "" };
    const [prefix = "", accessed] = command.join(" ").split(" /bin/sh -c ");
    const isMeant = accessed === `test -x "$1" && test -x "$2" sh ${target.binary} ${target.root}`;
    return { code: isMeant && machine.reaches(prefix) ? 0 : 1, output: "" };
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.resetAllMocks();
});

describe("not as root, PostgreSQL runs as the same user", () => {
  it.each([null, 1_000])("where the cluster is %o's", async (owner) => {
    expect(await startAs(1_000, owner)).toEqual({ prefix: [], uid: 1_000, gid: 1_000 });
    expect([ran(), adopt.mock.calls]).toEqual([[], []]);
  });

  it.each([0, 999])("and not where the cluster is %o's", async (owner) => {
    await expect(startAs(1_000, owner)).rejects.toThrow(new RegExp(`another user \\(${owner}\\)`));
    expect(adopt).not.toHaveBeenCalled();
  });
});

describe("as root, PostgreSQL runs", () => {
  it("as the owner of its cluster, without looking for another user", async () => {
    expect(await startAs(0, 101)).toEqual({ prefix: drop, uid: 101, gid: 102 });
    expect(adopt.mock.calls).toEqual([[{ uid: 101, gid: 102 }]]);
    expect(ran().join("\n")).not.toMatch(/^(?:id|groupadd|useradd) /m);
  });

  it.each([true, false])("as the user postgres, which exists: %o", async (hasUser) => {
    machine.hasUser = hasUser;
    expect(await startAs(0, null)).toEqual({ prefix: drop, uid: 101, gid: 102 });
    expect(adopt.mock.calls).toEqual([[{ uid: 101, gid: 102 }]]);
    const made = ran().filter((command) => /^(?:group|user)add /.test(command));
    const adding = [
      "groupadd --system postgres",
      "useradd --system --gid postgres --no-create-home --shell /bin/false postgres",
    ];
    expect(made).toEqual(hasUser ? [] : adding);
  });

  it.each([
    ["6", "dac_read_search"],
    ["4", "dac_read_search"],
    ["2", "dac_override"],
  ])("with a capability of %s as that user where a folder is closed to it", async (held, capability) => {
    machine.reaches = (prefix) => prefix.includes("--ambient-caps");
    expect(await startAs(0, null, held)).toEqual({ prefix: keeping(capability), uid: 101, gid: 102 });
  });

  it.each([
    ["in a namespace where a folder is closed to that user, and no capability opens it", "1", null],
    ["in a namespace where the cluster is root's", "6", 0],
  ])("%s", async (_where, held, owner) => {
    machine.reaches = (prefix) => owner === 0 || prefix.startsWith("unshare");
    expect(await startAs(0, owner, held)).toEqual({ prefix: mapped, uid: 0, gid: 0 });
    expect(adopt.mock.lastCall).toEqual([{ uid: 0, gid: 0 }]);
  });

  it.each(["EINVAL", "EPERM"])("in a namespace where chown to postgres fails with %s", async (code) => {
    adopt.mockRejectedValueOnce(Object.assign(new Error("chown"), { code }));
    expect(await startAs(0, null)).toEqual({ prefix: mapped, uid: 0, gid: 0 });
  });

  it("not at all where it fails with something else", async () => {
    adopt.mockRejectedValueOnce(Object.assign(new Error("chown"), { code: "EIO" }));
    await expect(startAs(0, null)).rejects.toThrow("chown");
  });

  it.each([null, 0, 101])(
    "not at all where nobody can access the folder, and the cluster is %o's",
    async (owner) => {
      machine.reaches = () => false;
      await expect(startAs(0, owner, "6")).rejects.toThrow(StartupError);
      const isRoots = adopt.mock.calls.some(([{ uid }]) => uid === 0);
      expect(isRoots, "never gives somebody else's cluster to root").toBe(owner !== 101);
    },
  );
});
