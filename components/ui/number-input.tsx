"use client";

import { type ChangeEvent, type KeyboardEvent, useRef } from "react";
import type { FieldControl } from "./field";

type NumberInputProps = FieldControl & {
  value: string;
  onChange: (event: ChangeEvent<HTMLInputElement>) => void;
  /** Shown inside the box, after the number: "hours", "attempts". */
  unit?: string;
  min?: number;
  max?: number;
};

const NUMBER = /^-?\d{1,15}(\.\d+)?$/;

/**
 * A number as text, exactly as typed: "12a" stays, so that validation can quote it. Arrow keys step by 1, Shift with an
 * arrow key or the Page keys by 10, within `min` and `max`. A fraction, such as a duration of 2.5 hours, steps to a
 * whole number; text that is not a number does not step. The mouse wheel only scrolls the page.
 */
export function NumberInput({ unit, min, max, ...props }: NumberInputProps) {
  const input = useRef<HTMLInputElement | null>(null);

  function step(by: number) {
    const element = input.current;
    if (!element) return;
    const text = element.value.trim();
    if (text !== "" && !NUMBER.test(text)) return;
    const entered = Number(text);
    const from = text === "" ? (min ?? 0) - Math.sign(by) : by > 0 ? Math.floor(entered) : Math.ceil(entered);
    const next = Math.min(Math.max(from + by, min ?? -Infinity), max ?? Infinity);
    // Half an hour must not step "down" to one hour.
    if (!Number.isInteger(entered) && next > entered !== by > 0) return;
    // Uses the native setter and an input event, so that React and form libraries treat the value as typed.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(element, String(next));
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function stepByKey(event: KeyboardEvent<HTMLInputElement>) {
    const by = {
      ArrowUp: event.shiftKey ? 10 : 1,
      ArrowDown: event.shiftKey ? -10 : -1,
      PageUp: 10,
      PageDown: -10,
    }[event.key];
    // While text is composed, the keys choose among an input method's candidates.
    if (by === undefined || event.nativeEvent.isComposing) return;
    event.preventDefault();
    step(by);
  }

  const stepper = (by: number) => (
    <button
      type="button"
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => step(by)}
    />
  );

  return (
    <div className="control flex items-stretch overflow-hidden max-2xs:flex-wrap">
      <input
        {...props}
        ref={input}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        onKeyDown={stepByKey}
        className="figures w-0 flex-1 bg-transparent px-3 py-1.5 outline-none max-2xs:min-w-[9ch]"
      />
      {unit ? (
        <span aria-hidden className="pointer-events-none self-center pr-2.5 text-sm text-muted max-2xs:pl-3">
          {unit}
        </span>
      ) : null}
      {/* For the pointer only: the keyboard has the arrow keys, and screen readers need no extra stops here. */}
      <span aria-hidden className="steppers">
        {stepper(1)}
        {stepper(-1)}
      </span>
    </div>
  );
}
