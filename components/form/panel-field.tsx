"use client";

import { useController } from "react-hook-form";
import { controlId, Field, type FieldControl } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { NumberInput } from "@/components/ui/number-input";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import { durationText } from "@/lib/settings/rules";
import { boundsOf } from "./bounds";
import { DurationInput } from "./duration-input";
import { usePanel } from "./panel-context";
import { type FieldSpec, helpText, isOff, valueText } from "./panel-spec";
import { textOf } from "./panel-text";

/** What a value means, under its control: a zero's word, a duration's. */
function noteOn(spec: FieldSpec, value: unknown): string | null {
  if (spec.kind === "duration")
    return typeof value === "number" && value > 0 ? `= ${durationText(value)}` : null;
  if (spec.kind === "text") return value === null ? (spec.emptyNote ?? null) : null;
  if (spec.kind !== "number") return null;
  if (isOff(spec, value)) return spec.off?.note ?? null;
  return typeof value === "number" ? (spec.note?.(value) ?? null) : null;
}

/** One field of the panel around it, drawn as its entry in the panel's spec says. */
export function PanelField({ name }: { name: string }) {
  const { control, spec, values, presets, shape, setField } = usePanel();
  const { field, fieldState } = useController({ control, name });
  const fieldSpec = spec[name];
  if (!fieldSpec) throw new Error(`${name} is not in the panel's spec.`);
  const bounds = boundsOf(shape[name]);
  const value = values[name];
  const preset = presets[name];
  const text = typeof field.value === "string" ? field.value : "";

  function draw(tie: FieldControl) {
    const { onChange, onBlur, ref } = field;
    switch (fieldSpec?.kind) {
      case "number":
        return (
          <NumberInput
            {...tie}
            {...bounds}
            unit={fieldSpec.unit}
            ref={ref}
            value={text}
            onChange={onChange}
            onBlur={onBlur}
          />
        );
      case "duration":
        return (
          <DurationInput
            {...tie}
            label={fieldSpec.label}
            inputRef={ref}
            value={text}
            onChange={onChange}
            onBlur={onBlur}
          />
        );
      case "text":
        return (
          <Input
            {...tie}
            ref={ref}
            inputMode={fieldSpec.inputMode}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={text}
            onChange={onChange}
            onBlur={onBlur}
          />
        );
      case "choice":
        return (
          <Select {...tie} ref={ref} value={text} onChange={onChange} onBlur={onBlur}>
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
            {...tie}
            ref={ref}
            checked={field.value === true}
            onChange={(event) => onChange(event.target.checked)}
            onBlur={onBlur}
          />
        );
    }
  }

  return (
    <Field
      id={name}
      label={fieldSpec.label}
      help={helpText(fieldSpec, bounds, preset)}
      error={fieldState.error?.message}
      note={noteOn(fieldSpec, value)}
      differs={value !== preset}
      defaultText={valueText(fieldSpec, preset)}
      onReset={() => {
        setField(name, textOf({ preset }).preset ?? "");
        // The button goes away once the value is the default.
        document.getElementById(controlId(name))?.focus();
      }}
    >
      {draw}
    </Field>
  );
}
