import { labelled, type PanelSpec } from "@/components/form/panel-spec";
import type { MailEntry } from "@/lib/mail/schema";
import { mailLabels } from "@/lib/settings/mail/schema";

/** The label of each encryption mode; "auto" can only come from the environment. */
export const tlsLabels = {
  starttls: "STARTTLS, required",
  tls: "TLS from the start",
  none: "None",
  auto: "STARTTLS where offered",
} as const;

const { auto: _environmentOnly, ...tlsOptions } = tlsLabels;

/** Describes the mail panel's fields. `defaultFrom` is the sender when no address is entered. */
export const mailSpec = (defaultFrom: string): PanelSpec<keyof MailEntry> =>
  labelled(
    { ...mailLabels, removesPassword: mailLabels.password },
    {
      host: {
        kind: "text",
        help: "Gatehouse sends its mail through this server.",
        range: "A host name or IP address; empty for none",
        isOptional: true,
        emptyNote: "No mail server: mail waits",
      },
      port: {
        kind: "number",
        help: "Usually 587 with STARTTLS, 465 with TLS, 25 without encryption.",
        unit: "",
      },
      tls: {
        kind: "choice",
        help: "STARTTLS and TLS check the server’s certificate. Gatehouse never falls back to weaker encryption.",
        options: tlsOptions,
      },
      user: {
        kind: "text",
        help: "Gatehouse logs in to the mail server under this name.",
        range: "Empty if the server needs no login",
        isOptional: true,
        emptyNote: "No login",
      },
      password: {
        kind: "secret",
        help: "Stored encrypted, and never shown again.",
      },
      removesPassword: { kind: "switch", help: "" },
      fromAddress: {
        kind: "text",
        help: "The sender of every mail. Most servers accept only addresses in their own domains.",
        range: `One e-mail address; empty means ${defaultFrom}`,
        inputMode: "email",
        isOptional: true,
        emptyNote: `Mail comes from ${defaultFrom}`,
      },
    },
  );
