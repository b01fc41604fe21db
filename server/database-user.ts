import { readFile, stat } from "node:fs/promises";
import { codeOf } from "@/lib/core/errors";
import { type Outcome, run } from "./postgres-process";
import { StartupError } from "./startup-error";

/**
 * How to run PostgreSQL's programs as a user other than root, which PostgreSQL refuses: a command prefix, and the owner
 * of the files.
 */
export type DatabaseUser = Readonly<{ prefix: readonly string[]; uid: number; gid: number }>;

const OS_USER = "postgres";
const CAP_DAC_OVERRIDE = 1;
const CAP_DAC_READ_SEARCH = 2;

async function findOsUser(): Promise<{ uid: number; gid: number } | null> {
  const { code, output } = await run(["id", "-u", OS_USER]);
  const group = await run(["id", "-g", OS_USER]);
  return code === 0 && group.code === 0 ? { uid: Number(output), gid: Number(group.output) } : null;
}

async function findOrMakeOsUser(): Promise<{ uid: number; gid: number } | null> {
  const found = await findOsUser();
  if (found !== null) return found;
  await run(["groupadd", "--system", OS_USER]);
  await run(["useradd", "--system", "--gid", OS_USER, "--no-create-home", "--shell", "/bin/false", OS_USER]);
  return findOsUser();
}

async function ownCapabilities(): Promise<bigint> {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  return BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
}

async function setprivPrefixes(uid: number, gid: number): Promise<string[][]> {
  const drop = ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  const held = await ownCapabilities();
  // Lets the user traverse and read folders that are closed to it (a clone below /root, or a folder of mktemp). Prefers
  // the weaker of the two capabilities. access(2), with which PostgreSQL finds its programs, honours either only with
  // the securebit.
  const capability =
    (held >> BigInt(CAP_DAC_READ_SEARCH)) & 1n
      ? "dac_read_search"
      : (held >> BigInt(CAP_DAC_OVERRIDE)) & 1n
        ? "dac_override"
        : null;
  if (capability === null) return [drop];
  const keep = [
    "--securebits=+no_setuid_fixup",
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
  ];
  return [drop, [...drop, ...keep]];
}

async function reaches(prefix: readonly string[], binary: string, folder: string): Promise<Outcome> {
  const script = 'test -x "$1" && test -x "$2"';
  return run([...prefix, "/bin/sh", "-c", script, "sh", binary, folder]);
}

/**
 * Whether a candidate was given the data folder. A container with one id has no other to give it to, although its list of
 * users may name some (EINVAL); another container may not give files away (EPERM).
 */
async function isAdopted(adopting: Promise<void>): Promise<boolean> {
  try {
    await adopting;
    return true;
  } catch (error) {
    if (codeOf(error) === "EINVAL" || codeOf(error) === "EPERM") return false;
    throw error;
  }
}

/**
 * Decides which user PostgreSQL runs as. If we are not root: our own user. If we are root: the owner of an existing
 * cluster, else the user `postgres` (created if missing), with the capability to traverse folders that are closed to
 * that user; failing that, root itself in a user namespace that maps it to another user.
 *
 * @param target a program of PostgreSQL, the data folder, and its cluster, which need not exist
 * @param adopt called with a candidate before its access is checked; may give it the data folder
 * @throws StartupError when none of these works
 */
export async function findDatabaseUser(
  target: Readonly<{ binary: string; root: string; cluster: string }>,
  adopt: (user: { uid: number; gid: number }) => Promise<void>,
): Promise<DatabaseUser> {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const owner = await stat(target.cluster).catch(() => null);
  if (self.uid !== 0) {
    if (owner !== null && owner.uid !== self.uid) {
      throw new StartupError(
        `${target.cluster} belongs to another user (${owner.uid}). Start as that user, give ${target.root} to this one with chown -R, or set DATA_DIR to another folder.`,
      );
    }
    return { prefix: [], ...self };
  }

  if (owner?.uid !== 0) {
    const user = owner ?? (await findOrMakeOsUser());
    if (user !== null && (await isAdopted(adopt({ uid: user.uid, gid: user.gid })))) {
      const { uid, gid } = user;
      for (const prefix of await setprivPrefixes(uid, gid)) {
        if ((await reaches(prefix, target.binary, target.root)).code === 0) return { prefix, uid, gid };
      }
    }
  }
  if (owner === null || owner.uid === 0) {
    const prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534"];
    await adopt(self);
    if ((await reaches(prefix, target.binary, target.root)).code === 0) return { prefix, ...self };
  }
  throw new StartupError(
    `PostgreSQL refuses to run as root, and no other user can access both ${target.binary} and ${target.root}. ` +
      "Start Gatehouse as an ordinary user, or set DATABASE_URL and SECRET_KEY to use your own PostgreSQL.",
  );
}
