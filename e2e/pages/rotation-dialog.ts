import type { Locator, Page } from "@playwright/test";

/** The question that a changed key or issuer asks before it is saved. */
export class RotationDialog {
  readonly box: Locator;
  readonly keep: Locator;
  readonly signOut: Locator;
  readonly word: Locator;
  readonly password: Locator;
  readonly cancel: Locator;
  private readonly facts: Locator;
  /** Saves, whichever way is chosen. */
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

  /** What becomes of the key or of the issuer name. */
  change(term: "Key" | "Issuer name"): Locator {
    return this.facts.getByRole("term").filter({ hasText: term }).locator("xpath=following-sibling::dd[1]");
  }
}
