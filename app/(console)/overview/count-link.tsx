import { TextLink } from "@/components/ui/text-link";
import { limitedCountText } from "@/lib/core/count/rules";

/** A count as a link to what was counted; `of` names that for screen readers. Nothing is nowhere to be led to. */
export function CountLink({ n, of, href }: { n: number; of: string; href: string }) {
  const room = "inline-block tabular-nums py-2 pointer-coarse:py-3";
  if (n === 0) return <span className={`${room} text-faint`}>0</span>;
  return (
    <TextLink href={href} className={room}>
      {limitedCountText(n)}
      <span className="sr-only">{` ${of}`}</span>
    </TextLink>
  );
}
