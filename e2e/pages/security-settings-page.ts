import type { Locator, Page } from "@playwright/test";

export type PanelTitle = "General policy" | "Password policy" | "JWT security";

/** One of the three panels. */
export class SettingsPanel {
  readonly save: Locator;
  readonly undo: Locator;

  constructor(readonly region: Locator) {
    this.save = region.getByRole("button", { name: "Save", exact: true });
    this.undo = region.getByRole("button", { name: "Undo", exact: true });
  }

  /** The control with that label, a part of which is enough. */
  field(label: string | RegExp): Locator {
    return this.region.getByRole("textbox", { name: label });
  }

  switch(label: string | RegExp): Locator {
    return this.region.getByRole("switch", { name: label });
  }
}

/** `/settings/security`. */
export class SecuritySettingsPage {
  /** Where it is said that a save is done. */
  readonly notices: Locator;

  constructor(private readonly page: Page) {
    this.notices = page.getByRole("region", { name: "Notices" });
  }

  async open(): Promise<void> {
    await this.page.goto("/settings/security");
  }

  panel(title: PanelTitle): SettingsPanel {
    return new SettingsPanel(this.page.getByRole("region", { name: title, exact: true }));
  }
}
