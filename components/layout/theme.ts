"use client";

import { useSyncExternalStore } from "react";
import { THEME_KEY } from "./theme-script";

/** The themes a person can choose; "system" follows the device. */
export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

const CHANGED = "gatehouse:theme";

/** Returns the stored theme; null if storage is blocked. */
function storedTheme(): Theme | null {
  try {
    const stored = localStorage.getItem(THEME_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return null;
  }
}

const readTheme = () => storedTheme() ?? "system";

function applyTheme(theme: Theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function subscribe(notify: () => void) {
  const follow = () => {
    const stored = storedTheme();
    if (stored) applyTheme(stored);
  };
  const fromAnotherTab = () => {
    follow();
    notify();
  };
  // Another tab may have changed it since this page's head was read.
  follow();
  window.addEventListener(CHANGED, notify);
  window.addEventListener("storage", fromAnotherTab);
  return () => {
    window.removeEventListener(CHANGED, notify);
    window.removeEventListener("storage", fromAnotherTab);
  };
}

/** Applies a theme to this document at once and stores it for later pages. */
function setTheme(theme: Theme) {
  try {
    if (theme === "system") localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, theme);
  } catch {
    // The theme then lasts until the page is left.
  }
  applyTheme(theme);
  window.dispatchEvent(new Event(CHANGED));
}

/** Returns the chosen theme and a function to change it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore<Theme>(subscribe, readTheme, () => "system");
  return [theme, setTheme];
}
