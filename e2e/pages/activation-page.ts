import type { Locator, Page } from "@playwright/test";

/** The form to choose a password: behind a one-time link, or for a person whose password has expired. */
export class ActivationPage {
  readonly password: Locator;
  readonly submit: Locator;
  /** The submit button where an expired password is replaced; `submit` elsewhere. */
  readonly save: Locator;

  constructor(private readonly page: Page) {
    this.password = page.getByLabel("New password", { exact: true });
    this.submit = page.getByRole("button", { name: "Activate account" });
    this.save = page.getByRole("button", { name: "Save new password" });
  }

  /** A line of the checklist; it begins with "met: " or "not met: " once something is typed. */
  requirement(text: string | RegExp): Locator {
    return this.page.getByRole("list", { name: "What the password must have" }).getByText(text);
  }

  async choose(password: string): Promise<void> {
    await this.password.fill(password);
    await this.submit.click();
  }
}
