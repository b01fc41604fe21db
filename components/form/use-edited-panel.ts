"use client";

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { changedFields } from "@/lib/core/changes/rules";
import { type PanelText, textOf, valuesOf } from "./panel-text";
import type { LoadedPanel } from "./save-answer";
import { type PanelTextOptions, usePanelText } from "./use-panel-text";

/**
 * A panel that is edited: the version that the edit started from, its text, and what has changed. While nothing has
 * changed, it follows the page to newer versions; with unsaved changes it keeps its own.
 * @param isPending an edit was sent and is neither saved nor given up: it was made from the version that is kept
 */
export function useEditedPanel<Values extends object>(options: PanelTextOptions<Values>, isPending: boolean) {
  const { spec, stored } = options;
  const [loaded, setLoaded] = useState(stored);
  /** The same panel as `loaded`, for what may run before the next render. */
  const base = useRef(stored);
  const { form, text } = usePanelText(options, base);
  const values = valuesOf(spec, text, loaded.values);
  const changed = changedFields(loaded.values as Record<string, unknown>, values);

  function load(panel: LoadedPanel<Values>, shown: PanelText) {
    base.current = panel;
    setLoaded(panel);
    form.reset(shown);
  }

  /** Switches to the page's newer version, if the page was rendered again since. */
  function catchUp() {
    if (stored.version > base.current.version) load(stored, textOf(stored.values));
  }

  function catchUpIfClean() {
    if (changed.length === 0 && !isPending) catchUp();
  }

  /** Returns to the version that the edit started from, or to a newer one. */
  function undo() {
    load({ ...base.current, restored: undefined }, textOf(base.current.values));
    catchUp();
  }

  const arrive = useEffectEvent(catchUpIfClean);
  // biome-ignore lint/correctness/useExhaustiveDependencies: What is typed on its way past the old value stays as it is.
  useEffect(() => arrive(), [stored, isPending]);

  return { form, text, loaded, base, values, changed, load, undo, catchUpIfClean };
}
