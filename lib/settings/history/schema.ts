import { z } from "zod/mini";
import { cursorSchemaOf } from "@/lib/core/cursor/schema";
import { ifValid } from "@/lib/core/query-parameter/schema";
import { LAST_VERSION } from "../fields/schema";
import { type PanelValues, panels, type SecurityPanel } from "../schema";

export const HISTORY_PAGE_SIZE = 50;

/** How many of a panel's newest versions are offered for a comparison. */
export const OFFERED_VERSIONS = 100;

const VERSION = "(?:0|[1-9]\\d{0,9})";

/** The number of a version in an address, without signs or leading zeros. */
const versionSchema = z.pipe(
  z.pipe(z.string().check(z.regex(new RegExp(`^${VERSION}$`))), z.transform(Number)),
  z.number().check(z.maximum(LAST_VERSION)),
);

const panelSchema = z.enum(panels);

/** The query of the list of versions. Invalid values are ignored rather than refused. */
export const historyQuerySchema = z.object({
  panel: ifValid(panelSchema),
  after: cursorSchemaOf(`(?:${panels.join("|")})\\.${VERSION}`),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

/** One version of a panel; version 0 is the defaults. */
export const revisionSchema = z.object({ panel: panelSchema, version: versionSchema });

/** How a version is compared. Invalid values are ignored rather than refused. */
export const comparisonQuerySchema = z.object({
  /** The version to compare with. */
  with: ifValid(versionSchema),
  /** Leaves out the settings that are equal. */
  only: ifValid(z.literal("differences")),
});
export type ComparisonQuery = z.infer<typeof comparisonQuerySchema>;

/** A version of a panel as its name: "general.7". */
export const revisionNameSchema = z.pipe(
  z.pipe(
    z.string().check(z.maxLength(20)),
    z.transform((name) => {
      const [panel, version, ...rest] = name.split(".");
      return { panel, version: rest.length === 0 ? version : undefined };
    }),
  ),
  revisionSchema,
);

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
