import { z } from "zod";
import { cursorSchemaOf } from "@/lib/core/cursor/schema";
import { LAST_VERSION } from "../fields/schema";
import { type PanelValues, panels, type SecurityPanel } from "../schema";

export const HISTORY_PAGE_SIZE = 50;

/** How many of a panel's newest versions are offered for a comparison. */
export const OFFERED_VERSIONS = 100;

const VERSION = "(?:0|[1-9]\\d{0,9})";

/** The number of a version in an address, without signs or leading zeros. */
const versionSchema = z
  .string()
  .regex(new RegExp(`^${VERSION}$`))
  .transform(Number)
  .refine((version) => version <= LAST_VERSION);

const panelSchema = z.enum(panels);

/** The query of the list of versions. Invalid values are ignored rather than refused. */
export const historyQuerySchema = z.object({
  panel: panelSchema.optional().catch(undefined),
  after: cursorSchemaOf(`(?:${panels.join("|")})\\.${VERSION}`),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

/** One version of a panel; version 0 is the defaults. */
export const revisionSchema = z.object({ panel: panelSchema, version: versionSchema });

/** How a version is compared. Invalid values are ignored rather than refused. */
export const comparisonQuerySchema = z.object({
  /** The version to compare with. */
  with: versionSchema.optional().catch(undefined),
  /** Leaves out the settings that are equal. */
  only: z.literal("differences").optional().catch(undefined),
});
export type ComparisonQuery = z.infer<typeof comparisonQuerySchema>;

/** A version of a panel as its name: "general.7". */
export const revisionNameSchema = z
  .string()
  .max(20)
  .transform((name) => {
    const [panel, version, ...rest] = name.split(".");
    return { panel, version: rest.length === 0 ? version : undefined };
  })
  .pipe(revisionSchema);

type RevisionOf<P extends SecurityPanel> = {
  panel: P;
  /** 0: the defaults, which apply while nothing was ever saved. */
  version: number;
  values: PanelValues[P];
  /** The fingerprint of the signing key in force then; null for the other panels. */
  keyFingerprint: string | null;
  savedAt: Date | null;
  savedByEmail: string;
  /** The fields whose stored values are invalid; `values` has their defaults. */
  damaged: string[];
};

/** A version of a panel as administrators see it. It contains no secret. */
export type Revision = { [P in SecurityPanel]: RevisionOf<P> }[SecurityPanel];
