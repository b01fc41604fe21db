import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generalPolicyDefaults } from "./general/schema";
import { passwordPolicyDefaults } from "./password/schema";
import { salvagePanel } from "./salvage";
import { allPanels, panelDefaults } from "./schema";

describe("salvagePanel", () => {
  it.each(allPanels)("reads sound %s settings as they are", (panel) => {
    expect(salvagePanel(panel, { ...panelDefaults[panel], unknown: 1 })).toEqual({
      values: panelDefaults[panel],
      damaged: [],
    });
  });

  it("replaces a damaged field and names it", () => {
    const { values, damaged } = salvagePanel("general", {
      ...generalPolicyDefaults,
      maxFailedLoginAttempts: "five",
      passwordResetTokenTtl: 3,
    });
    expect(damaged).toEqual(["maxFailedLoginAttempts"]);
    expect(values).toEqual({ ...generalPolicyDefaults, passwordResetTokenTtl: 3 });
  });

  it("replaces all of a panel that contradicts itself", () => {
    const { values, damaged } = salvagePanel("password", {
      ...passwordPolicyDefaults,
      minimumLength: 40,
      maximumLength: 20,
    });
    expect(values).toEqual(passwordPolicyDefaults);
    expect(damaged).toEqual(Object.keys(passwordPolicyDefaults));
  });

  it("always yields settings that can be saved, whatever was stored", () => {
    fc.assert(
      fc.property(fc.constantFrom(...allPanels), fc.jsonValue(), (panel, stored) => {
        const { values } = salvagePanel(panel, stored);
        expect(salvagePanel(panel, values)).toEqual({ values, damaged: [] });
      }),
    );
  });
});
