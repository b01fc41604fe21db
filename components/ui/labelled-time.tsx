import { Time } from "./time";

/** A name with its time, side by side. */
export function LabelledTime({ name, at }: { name: string; at: Date }) {
  return (
    <p className="text-sm leading-base">
      <span className="text-muted">{`${name} `}</span>
      <Time iso={at.toISOString()} />
    </p>
  );
}
