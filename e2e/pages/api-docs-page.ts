import type { Locator, Page } from "@playwright/test";

/** A call on the page, and the form to try it. */
class TriedCall {
  readonly title: Locator;
  readonly form: Locator;
  readonly body: Locator;
  readonly send: Locator;
  /** The outcome, in one line. */
  readonly outcome: Locator;
  readonly answer: Locator;

  constructor(
    readonly item: Locator,
    method: string,
    path: string,
  ) {
    this.title = item.getByRole("heading", { level: 3 });
    this.form = item.getByRole("form", { name: `Try ${method} ${path}` });
    this.body = this.form.getByRole("textbox", { name: "Body" });
    this.send = this.form.getByRole("button", { name: "Send" });
    this.outcome = this.form.locator("p[aria-live=polite]");
    this.answer = this.form.getByRole("region", { name: "Response body" });
  }

  async open(): Promise<void> {
    await this.title.click();
  }
}

/** `/api-docs`. */
export class ApiDocsPage {
  readonly login: Locator;
  readonly paste: Locator;
  /** Present while the page holds a token. */
  readonly held: Locator;
  readonly search: Locator;
  readonly confirm: Locator;

  constructor(private readonly page: Page) {
    this.login = page.getByRole("form", { name: "Log in to get a token" });
    this.paste = page.getByRole("form", { name: "Or paste one" });
    this.held = page.getByRole("region", { name: "The token in use" });
    this.search = page.getByRole("searchbox", { name: "Find a call" });
    this.confirm = page.getByRole("alertdialog");
  }

  async open(anchor = ""): Promise<void> {
    await this.page.goto(`/api-docs${anchor}`);
  }

  call(method: string, path: string): TriedCall {
    const heading = this.page.getByRole("heading", { level: 3, name: path, exact: true });
    const item = this.page
      .getByRole("listitem")
      .filter({ has: heading })
      .filter({ has: this.page.getByText(method, { exact: true }) });
    return new TriedCall(item, method, path);
  }

  async logIn(password: string): Promise<void> {
    await this.login.getByLabel("Password", { exact: true }).fill(password);
    await this.login.getByRole("button", { name: "Get a token" }).click();
  }
}
