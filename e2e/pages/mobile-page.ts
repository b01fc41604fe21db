import { expect, type Locator, type Page } from "@playwright/test";

/** `/account/mobile`: a code for the mobile app. */
export class MobilePage {
  readonly card: Locator;
  readonly button: Locator;
  readonly qr: Locator;
  readonly secret: Locator;
  readonly timer: Locator;

  constructor(private readonly page: Page) {
    this.card = page.getByRole("region", { name: "Log in with a code" });
    this.button = this.card.getByRole("button", { name: /^(?:Show|New) code$/ });
    this.qr = this.card.getByRole("img", { name: /^QR code/ });
    this.secret = this.card.locator("code");
    this.timer = this.card.getByRole("timer");
  }

  async open(): Promise<void> {
    await this.page.goto("/account/mobile");
  }

  title(text: string): Locator {
    return this.card.getByText(text, { exact: true });
  }

  /** Makes a new code, and waits until it is shown. */
  async make(): Promise<void> {
    const before = await this.secret.allTextContents();
    await this.button.click();
    await expect(this.secret).toHaveText(/^[\w-]{32,256}$/);
    await expect.poll(() => this.secret.allTextContents()).not.toEqual(before);
  }

  async secretText(): Promise<string> {
    return (await this.secret.textContent()) ?? "";
  }
}
