"use client";

import { zodResolver } from "@hookform/resolvers/zod";
import { type RefObject, useEffect, useLayoutEffect, useMemo } from "react";
import { type FieldValues, type Resolver, useForm, useWatch } from "react-hook-form";
import type * as z from "zod/mini";
import { controlId } from "@/components/ui/field";
import { secondsText } from "./duration-text";
import { enteredDuration } from "./entered-duration";
import type { PanelSpec } from "./panel-spec";
import { type PanelText, textOf, valuesOf } from "./panel-text";
import type { LoadedPanel } from "./save-answer";

/** Returns what a control holds; undefined for one that is not a panel's. */
function contentOf(control: HTMLElement | null): string | boolean | undefined {
  if (control instanceof HTMLSelectElement) return control.value;
  if (!(control instanceof HTMLInputElement)) return undefined;
  if (control.type === "checkbox") return control.checked;
  return control.type === "text" ? control.value : undefined;
}

/**
 * Returns what was entered into a panel's controls before hydration; React would treat it as the rendered value.
 * Controls that the browser may fill in by itself (autocomplete other than "off") are skipped.
 */
function enteredBeforeHydration(
  spec: PanelSpec,
  shown: PanelText,
): [name: string, entered: string | boolean][] {
  return Object.keys(spec).flatMap((name) => {
    const control = document.getElementById(controlId(name));
    const entered = control?.getAttribute("autocomplete") === "off" ? contentOf(control) : undefined;
    if (entered === undefined || entered === shown[name]) return [];
    const isDuration = spec[name]?.kind === "duration";
    return [[name, isDuration ? secondsText(enteredDuration(controlId(name))) : entered]];
  });
}

/** A panel whose text is edited, and what it shows at first. */
export type PanelTextOptions<Values extends object> = {
  spec: PanelSpec;
  /** The schema that the server uses too. */
  schema: z.ZodMiniType<Values, FieldValues>;
  stored: LoadedPanel<Values>;
};

/**
 * The text of a panel's controls, with what was entered before hydration; every change of it is validated.
 * @param base the version that is edited: a field that was not edited keeps its value there
 */
export function usePanelText<Values extends object>(
  { spec, schema, stored }: PanelTextOptions<Values>,
  base: RefObject<LoadedPanel<Values>>,
) {
  const resolver = useMemo<Resolver<PanelText, unknown, Values>>(() => {
    const judge = zodResolver(schema, undefined, { mode: "sync" });
    return (text, context, options) => judge(valuesOf(spec, text, base.current.values), context, options);
  }, [spec, schema, base]);
  const form = useForm<PanelText, unknown, Values>({
    defaultValues: textOf({ ...stored.values, ...stored.restored?.values }),
    resolver,
    mode: "onSubmit",
    reValidateMode: "onSubmit",
    shouldFocusError: false,
  });
  const text = useWatch({ control: form.control }) as PanelText;

  // Validates the whole form on every change, because a new minimum may make the maximum wrong.
  useEffect(
    () => form.subscribe({ formState: { values: true }, callback: () => void form.trigger() }),
    [form],
  );

  // Runs once, before the next render would overwrite what was entered.
  // biome-ignore lint/correctness/useExhaustiveDependencies: later a control may show a duration in another unit
  useLayoutEffect(() => {
    for (const [name, entered] of enteredBeforeHydration(spec, form.getValues()))
      form.setValue(name, entered);
  }, []);

  return { form, text };
}
