import type { Locator, Page } from "@playwright/test";

/** `/login`. */
export class LoginPage {
  readonly email: Locator;
  readonly password: Locator;
  readonly submit: Locator;
  readonly title: Locator;
  /** The message after an attempt that began no session. */
  readonly message: Locator;

  constructor(private readonly page: Page) {
    this.email = page.getByLabel("E-mail");
    this.password = page.getByLabel("Password", { exact: true });
    this.submit = page.getByRole("button", { name: "Log in" });
    this.title = page.getByRole("heading", { level: 1 });
    this.message = page.locator("#login-message");
  }

  async open(): Promise<void> {
    await this.page.goto("/login");
  }

  async logIn(email: string, password: string): Promise<void> {
    await this.email.fill(email);
    await this.password.fill(password);
    await this.submit.click();
  }

  /** Makes a login that is refused. Reloads the page first, or an equal earlier message would pass for its answer. */
  async fail(email: string, password: string): Promise<string> {
    await this.open();
    await this.logIn(email, password);
    return (await this.message.filter({ hasText: /\w/ }).textContent()) ?? "";
  }
}
