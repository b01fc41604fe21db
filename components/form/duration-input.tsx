"use client";

import { type ReactNode, useLayoutEffect, useState } from "react";
import type { FieldControl } from "@/components/ui/field";
import { NumberInput } from "@/components/ui/number-input";
import { Select } from "@/components/ui/select";
import { type DurationText, type DurationUnit, durationUnits, secondsText, shownIn } from "./duration-text";
import { enteredDuration, unitControlId } from "./entered-duration";

type DurationInputProps = FieldControl & {
  label: string;
  /** The duration in seconds, as text. */
  value: string;
  onChange: (seconds: string) => void;
};

/** An input for a duration that is stored in seconds and can be entered in a larger unit. */
export function DurationInput({ label, value, onChange, ...control }: DurationInputProps): ReactNode {
  const [entered, setEntered] = useState<DurationText>({ unit: "seconds", text: value });
  // Undo and similar actions change the value from outside; the text typed earlier is then ignored.
  const shown = secondsText(entered) === value ? entered : shownIn(entered.unit, value);

  // Runs once, before the next render would overwrite what was entered before hydration. `usePanelText` takes the value.
  // biome-ignore lint/correctness/useExhaustiveDependencies: later every choice is an event
  useLayoutEffect(() => {
    const { unit, text } = enteredDuration(control.id);
    if (unit !== "seconds") setEntered(text === value ? shownIn(unit, value) : { unit, text });
  }, []);

  function enter(next: DurationText) {
    setEntered(next);
    onChange(secondsText(next));
  }

  return (
    <div className="grid gap-2 2xs:grid-cols-[minmax(0,1fr)_7rem]">
      <NumberInput
        {...control}
        value={shown.text}
        onChange={(event) => enter({ unit: shown.unit, text: event.target.value })}
        min={1}
      />
      <Select
        id={unitControlId(control.id)}
        autoComplete="off"
        aria-label={`${label}: unit`}
        value={shown.unit}
        onChange={(event) => setEntered(shownIn(event.target.value as DurationUnit, value))}
      >
        {durationUnits.map((unit) => (
          <option key={unit} value={unit} disabled={shownIn(unit, value).unit !== unit}>
            {unit}
          </option>
        ))}
      </Select>
    </div>
  );
}
