import { describe, expect, it } from "vitest";
import { settingChanges } from "@/app/(console)/setting-words";
import { type FieldSpec, isOff } from "@/components/form/panel-spec";
import { fieldLabels } from "@/lib/settings/labels";
import { panelFields } from "@/lib/settings/schema";
import { mailSpec } from "./mail/mail-spec";
import { generalSpec } from "./security/general-spec";
import { jwtSpec } from "./security/jwt-spec";
import { passwordSpec } from "./security/password-spec";

const { removesPassword: _ofThePassword, ...mail } = mailSpec("gatehouse@example.org");
const specs = { general: generalSpec, password: passwordSpec, jwt: jwtSpec, mail };

/** How an error begins that does not name its field, because it is shown beside a single control. */
const NAMELESS = /^(?:Choose |Enter )/;

describe.each(Object.keys(specs) as (keyof typeof specs)[])("the words of the panel %s", (panel) => {
  const labels: Record<string, string> = fieldLabels[panel];

  it("are those of the audit, in the order of the audit", () => {
    const shown = Object.entries(specs[panel]).map(([field, { label }]) => [field, label]);
    expect(shown).toEqual(Object.entries(labels));
  });

  it("include, in the audit, a word for every value that switches a field off", () => {
    const wordless = Object.entries<FieldSpec>(specs[panel]).flatMap(([field, spec]) => {
      const values = [null, 0].filter((value) => isOff(spec, value));
      const told = values.map((from) => settingChanges({ panel, changes: { [field]: { from, to: 1 } } })[0]);
      return told.filter((change) => /^(?:0|not set)$/.test(change?.from ?? "")).map(() => field);
    });
    expect(wordless).toEqual([]);
  });

  it.each(Object.entries(panelFields[panel]))(
    "are those with which an error of %s begins",
    (field, schema) => {
      const wrong = [undefined, {}, 1.5, -1, "x".repeat(999), "\0"];
      const errors = wrong.flatMap((value) => schema.safeParse(value).error?.issues ?? []);
      expect(errors).not.toEqual([]);
      for (const { message } of errors.filter((error) => !NAMELESS.test(error.message))) {
        const [, subject = ""] = /^(.+?) must /.exec(message) ?? [];
        expect(labels[field]).toMatch(new RegExp(`^${subject}(?: \\(\\w+\\)| in days)?$`));
      }
    },
  );
});
