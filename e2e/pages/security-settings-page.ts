import type { Locator, Page } from "@playwright/test";

export type PanelTitle = "General policy" | "Password policy" | "JWT security";

/** One of the three panels. */
class SettingsPanel {
  readonly save: Locator;
  readonly undo: Locator;
  /** "2 unsaved changes", or "Saving…"; absent while there are none. */
  readonly unsaved: Locator;
  /** The errors of a refused save, each a link to its field. */
  readonly summary: Locator;
  /** The sentence that says what the values mean for users. */
  readonly effect: Locator;

  constructor(readonly region: Locator) {
    this.save = region.getByRole("button", { name: "Save", exact: true });
    this.undo = region.getByRole("button", { name: "Undo", exact: true });
    this.unsaved = region.getByText(/^(?:\d+ unsaved changes?|Saving…)$/);
    this.summary = region.getByRole("alert").filter({ hasText: "Not saved" }).locator("..");
    this.effect = region.locator("p", { has: region.page().getByText("Effect", { exact: true }) });
  }

  /** The text field whose label contains `label`. */
  field(label: string | RegExp): Locator {
    return this.region.getByRole("textbox", { name: label });
  }

  switch(label: string | RegExp): Locator {
    return this.region.getByRole("switch", { name: label });
  }

  /** The button that resets a field; present while its value is not the default. */
  reset(label: string): Locator {
    return this.region.getByRole("button", { name: new RegExp(`^Reset to .*: ${label}`) });
  }

  /** The labels of the fields that are marked as unsaved. */
  unsavedLabels(): Promise<string[]> {
    return this.region
      .getByText(/Unsaved\.$/)
      .evaluateAll((marks) =>
        marks.map((mark) => mark.parentElement?.querySelector("label")?.textContent ?? ""),
      );
  }

  async fill(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [label, text] of Object.entries(values)) await this.field(label).fill(text);
  }
}

/** `/settings/security`. */
export class SecuritySettingsPage {
  /** The region that announces a completed save. */
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
