import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { curlCommand } from "./curl-command";

describe("curlCommand", () => {
  it("is one line where nothing is sent", () => {
    expect(curlCommand({ method: "GET", url: "https://a.example/api/x", wantsToken: false })).toBe(
      "curl 'https://a.example/api/x'",
    );
  });

  it("is quoted so that a shell passes every argument on as it is", () => {
    const command = curlCommand({
      method: "POST",
      url: "https://a.example/api/x?name=it's",
      wantsToken: true,
      body: `{"a":"it's $HOME \`x\`"}`,
    });
    const asked = command.replace(/^curl/, "printf '%s\\n'");
    const words = execFileSync("sh", ["-c", asked], {
      env: { ...process.env, TOKEN: "t" },
      encoding: "utf8",
    });
    expect(words.trimEnd().split("\n")).toEqual([
      "-X",
      "POST",
      "https://a.example/api/x?name=it's",
      "-H",
      "X-Authorization: Bearer t",
      "-H",
      "Content-Type: application/json",
      "-d",
      `{"a":"it's $HOME \`x\`"}`,
    ]);
  });
});
