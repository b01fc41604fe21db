"use client";

import type { ChangeEvent } from "react";
import { controlId, Field, type FieldControl } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { NumberInput } from "@/components/ui/number-input";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { durationText } from "@/lib/core/durations/rules";
import { boundsOf } from "./bounds";
import { DurationInput } from "./duration-input";
import { usePanel } from "./panel-context";
import { type FieldSpec, helpText, isOff, valueText } from "./panel-spec";
import { textOf } from "./panel-text";
import { useFieldError } from "./use-field-error";

/** Returns the note under the control that explains the value: what zero or empty means, or a duration in words. */
function noteOn(spec: FieldSpec, value: unknown): string | null {
  // Less than a minute would be explained by itself.
  if (spec.kind === "duration")
    return typeof value === "number" && value >= 60 ? `${value} s = ${durationText(value)}` : null;
  if (spec.kind === "text") return value === null ? (spec.emptyNote ?? null) : null;
  if (spec.kind !== "number") return null;
  if (isOff(spec, value)) return spec.off?.note ?? null;
  return typeof value === "number" ? (spec.note?.(value) ?? null) : null;
}

/**
 * One field of the surrounding panel, rendered as its entry in the panel's spec says. It reads its value from the panel
 * context, which rerenders with the whole form anyway; a separate subscription for each field would cost more than
 * rendering it.
 */
export function PanelField({ name }: { name: string }) {
  const { spec, text, values, changed, presets, shape, setField } = usePanel();
  const error = useFieldError(name);
  const fieldSpec = spec[name];
  if (!fieldSpec) throw new Error(`${name} is not in the panel's spec.`);
  const bounds = boundsOf(shape[name]);
  const preset = presets[name];
  const entered = text[name];
  const shown = typeof entered === "string" ? entered : "";
  const enter = ({ target }: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
    setField(name, target.value);

  function reset() {
    setField(name, textOf({ preset }).preset ?? "");
    // The button disappears once the value is the default.
    document.getElementById(controlId(name))?.focus();
  }

  function draw(control: FieldControl) {
    switch (fieldSpec?.kind) {
      case "number":
        return <NumberInput {...control} {...bounds} unit={fieldSpec.unit} value={shown} onChange={enter} />;
      case "duration":
        return (
          <DurationInput
            {...control}
            label={fieldSpec.label}
            value={shown}
            onChange={(seconds) => setField(name, seconds)}
          />
        );
      case "text":
        return (
          <Input
            {...control}
            inputMode={fieldSpec.inputMode}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={shown}
            onChange={enter}
          />
        );
      case "choice":
        return (
          <Select {...control} autoComplete="off" value={shown} onChange={enter}>
            {Object.entries(fieldSpec.options).map(([option, label]) => (
              <option key={option} value={option}>
                {label}
              </option>
            ))}
          </Select>
        );
      case "secret":
        throw new Error(`${name} is drawn by its panel.`);
      case "switch":
        return (
          <Switch
            {...control}
            // Firefox would restore a switch after a reload.
            autoComplete="off"
            checked={entered === true}
            onChange={({ target }) => setField(name, target.checked)}
          />
        );
    }
  }

  return (
    <Field
      id={name}
      label={fieldSpec.label}
      help={helpText(fieldSpec, bounds, preset)}
      error={error}
      note={noteOn(fieldSpec, values[name])}
      reset={values[name] === preset ? null : { to: valueText(fieldSpec, preset), onReset: reset }}
      isUnsaved={changed.includes(name)}
    >
      {draw}
    </Field>
  );
}
