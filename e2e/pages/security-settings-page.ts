import type { Locator, Page } from "@playwright/test";

export type PanelTitle = "General policy" | "Password policy" | "JWT security";

/** One of the three panels. */
class SettingsPanel {
  readonly save: Locator;
  readonly undo: Locator;
  /** "2 unsaved changes", or that they are being saved; not there while there are none. */
  readonly unsaved: Locator;
  /** All that a save was refused for, each a link to its field. */
  readonly summary: Locator;
  /** What the values do to people. */
  readonly effect: Locator;

  constructor(readonly region: Locator) {
    this.save = region.getByRole("button", { name: "Save", exact: true });
    this.undo = region.getByRole("button", { name: "Undo", exact: true });
    this.unsaved = region.getByText(/^(?:\d+ unsaved changes?|Saving…)$/);
    this.summary = region.getByRole("alert").filter({ hasText: "Not saved" });
    this.effect = region.locator("p", { has: region.page().getByText("Effect", { exact: true }) });
  }

  /** The control with that label, a part of which is enough. */
  field(label: string | RegExp): Locator {
    return this.region.getByRole("textbox", { name: label });
  }

  switch(label: string | RegExp): Locator {
    return this.region.getByRole("switch", { name: label });
  }

  /** There while the field's value is not the product's own. */
  reset(label: string): Locator {
    return this.region.getByRole("button", { name: new RegExp(`^Reset to .*: ${label}`) });
  }

  async fill(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, text] of Object.entries(values)) await this.field(label).fill(text);
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
