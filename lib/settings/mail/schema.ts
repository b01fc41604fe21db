import { z } from "zod/mini";
import { isPlainText } from "@/lib/core/plain-text/rules";
import { addressOf, quotedInput, whole } from "../fields/schema";

const tlsModes = ["starttls", "tls", "none"] as const;
/** How the connection to the mail server is protected; with "starttls", no mail is sent unless STARTTLS succeeds. */
export type TlsMode = (typeof tlsModes)[number];

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45})$/;

/** The panel's title, wherever it is shown. */
export const mailTitle = "Mail server";

/**
 * The labels of the panel's fields, wherever they are shown, in the panel's order. The password is a field, but not one
 * of the panel's values.
 */
export const mailLabels = {
  host: "Server",
  port: "Port",
  tls: "Encryption",
  user: "User name",
  password: "Password",
  fromAddress: "From address",
} as const;

export const mailSettingsSchema = z.object({
  /** Null: there is no mail server, and mails wait. */
  host: z.nullable(
    z.string({ error: "Enter the server’s name." }).check(
      z.regex(HOST, {
        error: ({ input }) =>
          `${mailLabels.host} must be a host name or an IP address without a port, like smtp.example.org${quotedInput(input)}.`,
      }),
    ),
  ),
  port: whole(mailLabels.port, { min: 1, max: 65_535 }),
  tls: z.enum(tlsModes, { error: "Choose how the connection is encrypted." }),
  /** Null: the server requires no login. */
  user: z.nullable(
    z
      .string({ error: "Enter a user name." })
      .check(
        z.maxLength(255, { error: `${mailLabels.user} must have at most 255 characters.` }),
        z.refine(isPlainText, { error: `${mailLabels.user} must not contain control characters.` }),
      ),
  ),
  /** Null: `gatehouse@` and the host of BASE_URL. */
  fromAddress: z.nullable(addressOf(mailLabels.fromAddress)),
});
export type MailSettings = z.infer<typeof mailSettingsSchema>;

export const mailSettingsDefaults: MailSettings = {
  host: null,
  port: 587,
  tls: "starttls",
  user: null,
  fromAddress: null,
};
