import { describe, expect, it } from "vitest";
import { greeting } from "./letter";

describe("greeting", () => {
  it("greets by name, without one, or not at all", () => {
    expect(greeting("Ann")).toBe("Hello Ann,");
    expect(greeting(" \u202e ")).toBe("Hello,");
    expect(greeting("Ann\r\n\u202eLee")).toBe("Hello Ann Lee,");
    expect(greeting(null)).toBeNull();
  });

  it("cuts a long name between two characters, not inside one", () => {
    expect(greeting(`A${"𐍈".repeat(100)}`)).toBe(`Hello A${"𐍈".repeat(58)}…,`);
  });
});
