import { afterEach, expect, it, vi } from "vitest";
import { findDatabaseUser } from "./database-user";
import { run } from "./postgres-process";

vi.mock("./postgres-process", () => ({ run: vi.fn() }));

afterEach(() => vi.restoreAllMocks());

it.each(["EINVAL", "EPERM"])(
  "maps root to another user, where chown to postgres fails with %s",
  async (code) => {
    vi.spyOn(process, "getuid").mockReturnValue(0);
    vi.spyOn(process, "getgid").mockReturnValue(0);
    vi.mocked(run).mockResolvedValue({ code: 0, output: "101" });
    const target = { binary: "/bin/sh", root: "/nowhere", cluster: "/nowhere/postgres" };
    const user = await findDatabaseUser(target, async ({ uid }) => {
      if (uid !== 0) throw Object.assign(new Error("chown"), { code });
    });
    expect(user).toMatchObject({ prefix: expect.arrayContaining(["unshare"]), uid: 0, gid: 0 });
  },
);
