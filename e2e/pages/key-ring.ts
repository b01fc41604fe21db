import type { Locator, Page } from "@playwright/test";

/** The keys in the JWT panel, and the dialog that asks for confirmation before a change. */
export class KeyRing {
  readonly section: Locator;
  /** The rows of the keys; the signing key comes first. */
  readonly rows: Locator;
  readonly failure: Locator;
  readonly box: Locator;
  readonly word: Locator;
  readonly password: Locator;
  readonly cancel: Locator;
  /** The dialog's button that retires a key or rolls back. */
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
