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
        help: "Takes the mails and passes them on.",
        range: "A host name or IP address; empty for none",
        isOptional: true,
        emptyNote: "No mail server: mails wait",
      },
      port: {
        kind: "number",
        help: "Mostly 587 with STARTTLS, 465 with TLS, 25 without.",
        unit: "",
      },
      tls: {
        kind: "choice",
        help: "What is required is never given up for less, and the server’s certificate is checked.",
        options: tlsOptions,
      },
      user: {
        kind: "text",
        help: "What Gatehouse logs in to the mail server with.",
        range: "Empty if the server wants no login",
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
        help: "Who mails come from. Most servers take only addresses of their own domains.",
        range: `One e-mail address; empty is ${defaultFrom}`,
        inputMode: "email",
        isOptional: true,
        emptyNote: `Mails come from ${defaultFrom}`,
      },
    },
  );
