"use client";

import { useId, useLayoutEffect, useRef } from "react";
import { type Theme, themes, useTheme } from "./theme";

const themeLabels: Record<Theme, { label: string; icon: string }> = {
  light: { label: "Light", icon: "icon-sun" },
  dark: { label: "Dark", icon: "icon-moon" },
  system: { label: "System", icon: "icon-monitor" },
};

/** A choice of light, dark or the system's theme, as three native radio buttons side by side. */
export function ThemeToggle() {
  const [theme, setTheme] = useTheme();
  const name = useId(); // The toggle may appear twice on a page.
  const box = useRef<HTMLFieldSetElement>(null);

  // A theme that was chosen before hydration; the toggle is rendered as "system".
  useLayoutEffect(() => {
    const chosen = box.current?.querySelector<HTMLInputElement>("input:checked")?.value;
    const early = themes.find((value) => value === chosen && value !== "system");
    if (early) setTheme(early);
  }, [setTheme]);

  return (
    <fieldset ref={box} className="inline-flex rounded border bg-sunken p-0.5">
      <legend className="sr-only">Theme</legend>
      {themes.map((value) => {
        const { label, icon } = themeLabels[value];
        return (
          <label
            key={value}
            title={label}
            className="grid size-7 pointer-coarse:size-11 place-items-center rounded text-faint transition-colors hover:text-ink has-checked:bg-surface has-checked:text-accent has-checked:outline has-checked:outline-edge has-focus-visible:outline-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              value={value}
              checked={theme === value}
              onChange={() => setTheme(value)}
              // Firefox would restore an earlier choice after a reload.
              autoComplete="off"
              className="sr-only"
            />
            <span className={`icon ${icon} size-3.5`} />
            <span className="sr-only">{label}</span>
          </label>
        );
      })}
    </fieldset>
  );
}
