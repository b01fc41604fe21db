import type { Locator, Page } from "@playwright/test";

/** The keys in the JWT panel, and the question that each change of them asks first. */
export class KeyRing {
  readonly section: Locator;
  /** The keys, the one that signs first. */
  readonly rows: Locator;
  readonly failure: Locator;
  readonly box: Locator;
  readonly word: Locator;
  readonly password: Locator;
  readonly cancel: Locator;
  /** Does it, whatever it is. */
  readonly confirm: Locator;

  constructor(page: Page) {
    this.section = page.getByRole("region", { name: "Key ring", exact: true });
    const table = page.getByRole("table", { name: /^Signing keys/ });
    this.rows = table.locator("tbody").getByRole("row");
    this.failure = page.locator("#key-ring-failure");
    this.box = page.getByRole("alertdialog");
    this.word = this.box.getByRole("textbox", { name: /^Type \W?retire\W? to confirm$/ });
    this.password = this.box.getByRole("textbox", { name: "Your password" });
    this.cancel = this.box.getByRole("button", { name: "Cancel" });
    this.confirm = this.box.getByRole("button", { name: /^(?:Retire|Roll back)/ });
  }

  retire(fingerprint = ""): Locator {
    return this.rows.getByRole("button", { name: `Retire key ${fingerprint}` });
  }

  rollBack(fingerprint = ""): Locator {
    return this.rows.getByRole("button", { name: `Roll back to key ${fingerprint}` });
  }
}
