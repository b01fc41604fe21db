import { Time } from "@/components/ui/time";

type CountdownProps = { secondsLeft: number; ofSeconds: number; expiresAt: string };

/** The remaining time of a code, in figures and as a shrinking bar. Without scripts it shows the end time. */
export function Countdown({ secondsLeft, ofSeconds, expiresAt }: CountdownProps) {
  const figures = `${Math.floor(secondsLeft / 60)}:${String(secondsLeft % 60).padStart(2, "0")}`;
  return (
    <div>
      <p className="noscript:hidden">
        Works for another{" "}
        <span role="timer" aria-label="Time left" className="figures font-medium">
          {figures}
        </span>
      </p>
      <svg
        aria-hidden
        viewBox={`0 0 ${ofSeconds} 1`}
        preserveAspectRatio="none"
        className="mt-2 h-1 w-full rounded noscript:hidden"
      >
        <rect width={ofSeconds} height="1" className="fill-line" />
        <rect width={secondsLeft} height="1" className={secondsLeft <= 30 ? "fill-warning" : "fill-accent"} />
      </svg>
      <p className="hidden noscript:block">
        Works until <Time iso={expiresAt} precision="second" />
      </p>
    </div>
  );
}
