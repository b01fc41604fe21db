import type { Locator, Page } from "@playwright/test";

/** Where a person chooses a password: an invited one behind a one-time link, or one whose password has expired. */
export class ActivationPage {
  readonly password: Locator;
  readonly submit: Locator;
  /** In place of `submit`, for an expired password. */
  readonly save: Locator;

  constructor(private readonly page: Page) {
    this.password = page.getByLabel("New password");
    this.submit = page.getByRole("button", { name: "Activate account" });
    this.save = page.getByRole("button", { name: "Save new password" });
  }

  /** A line of the checklist, which begins with "met: " or "not met: " once something was typed. */
  requirement(text: string | RegExp): Locator {
    return this.page.getByRole("list", { name: "What the password must have" }).getByText(text);
  }

  async choose(password: string): Promise<void> {
    await this.password.fill(password);
    await this.submit.click();
  }
}
