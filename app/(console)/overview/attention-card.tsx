import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { Attention } from "@/lib/overview/rules";
import { attentionWords } from "./attention-words";
import { RoomyLink } from "./roomy-link";

/** How each tone looks, and its name for those who do not see that. */
const tones = {
  danger: { icon: CircleAlert, name: "Problem", className: "text-danger" },
  warning: { icon: TriangleAlert, name: "Warning", className: "text-warning" },
  info: { icon: Info, name: "Note", className: "text-muted" },
} as const;

/** What needs attention, the most urgent first, each with its next step. */
export function AttentionCard({ items }: { items: Attention[] }) {
  return (
    <Card id="attention">
      <CardHeader
        id="attention"
        title="Needs attention"
        description={items.length > 1 ? "The most urgent first." : undefined}
      />
      {items.length === 0 ? (
        <CardBody className="flex gap-3">
          <CircleCheck aria-hidden className="mt-[3px] size-4 shrink-0 text-accent" />
          <p>Nothing needs your attention. Locked accounts, undelivered mail and weak rules appear here.</p>
        </CardBody>
      ) : (
        <ul className="divide-y divide-line">
          {items.map((item) => (
            <AttentionItem key={item.code === "settings-damaged" ? item.panel : item.code} item={item} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function AttentionItem({ item }: { item: Attention }) {
  const { tone, text, at, step, href } = attentionWords(item);
  const { icon: Icon, name, className } = tones[tone];
  return (
    <li className="flex gap-3 px-5 py-3.5 sm:px-6">
      <Icon aria-hidden className={`mt-[3px] size-4 shrink-0 ${className}`} />
      <div className="flex min-w-0 flex-1 flex-wrap justify-between gap-x-6 gap-y-1">
        <p className="min-w-0 flex-[1_1_18rem]">
          <span className="sr-only">{name}: </span>
          {at ? (
            <>
              {`${text} `}
              <Time iso={at.toISOString()} />.
            </>
          ) : (
            text
          )}
        </p>
        <RoomyLink href={href}>{step}</RoomyLink>
      </div>
    </li>
  );
}
