import type { Locator, Page } from "@playwright/test";

/** The dialog that asks for confirmation before a changed key or issuer is saved. */
export class RotationDialog {
  readonly box: Locator;
  readonly keep: Locator;
  readonly signOut: Locator;
  readonly word: Locator;
  readonly password: Locator;
  readonly cancel: Locator;
  private readonly facts: Locator;
  /** The button that saves, with either option. */
  readonly confirm: Locator;

  constructor(page: Page) {
    this.box = page.getByRole("alertdialog");
    this.keep = this.box.getByRole("radio", { name: "Keep signing people in" });
    this.signOut = this.box.getByRole("radio", { name: "Sign everyone out now" });
    this.word = this.box.getByRole("textbox", { name: /^Type \W?everyone\W? to confirm$/ });
    this.password = this.box.getByRole("textbox", { name: "Your password" });
    this.cancel = this.box.getByRole("button", { name: "Cancel" });
    this.facts = this.box.locator("dl");
    this.confirm = this.box.getByRole("button", { name: /^Save and / });
  }

  /** The text that says how the key or the issuer name changes. */
  change(term: "Key" | "Issuer name"): Locator {
    return this.facts.getByRole("term").filter({ hasText: term }).locator("xpath=following-sibling::dd[1]");
  }
}
