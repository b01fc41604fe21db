import type { Locator, Page } from "@playwright/test";

/** `/account` and `/account/password`, where every user manages their own account. */
export class AccountPage {
  readonly sessions: Locator;
  readonly currentPassword: Locator;
  readonly newPassword: Locator;
  readonly submit: Locator;

  constructor(private readonly page: Page) {
    this.sessions = page.getByRole("region", { name: "Sessions" }).getByRole("listitem");
    this.currentPassword = page.getByLabel("Current password", { exact: true });
    this.newPassword = page.getByLabel("New password", { exact: true });
    this.submit = page.getByRole("main").getByRole("button", { name: "Change password" });
  }

  async open(): Promise<void> {
    await this.page.goto("/account");
  }

  async changePassword(current: string, next: string): Promise<void> {
    await this.currentPassword.fill(current);
    await this.newPassword.fill(next);
    await this.submit.click();
  }
}
