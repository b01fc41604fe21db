import type { ReactNode } from "react";
import { Fact, Facts } from "@/components/ui/facts";
import type { EnvironmentMail } from "@/lib/mail/mail-server";
import { tlsLabels } from "./mail-spec";

function SetByEnvironment({
  title,
  variable,
  children,
}: {
  title: string;
  variable: string;
  children: ReactNode;
}) {
  return (
    <div className="px-5 py-5 sm:px-6">
      <p className="font-medium">{title}</p>
      <p className="mt-0.5 text-sm text-muted">
        Set by the environment variable <span className="figures text-ink">{variable}</span>, which overrides
        what is entered here. Change it where Gatehouse is started.
      </p>
      <Facts className="mt-3">{children}</Facts>
    </div>
  );
}

/** The mail server from SMTP_URL, without its password. */
export function ServerFacts({ server }: { server: NonNullable<EnvironmentMail["server"]> }) {
  const { host, port, tls, user, hasPassword } = server;
  return (
    <SetByEnvironment title="Server" variable="SMTP_URL">
      <Fact term="Host">
        <span className="figures">{host}</span>
      </Fact>
      <Fact term="Port">
        <span className="figures">{port}</span>
      </Fact>
      <Fact term="Encryption">{tlsLabels[tls]}</Fact>
      <Fact term="User name">{user ?? "None, the server needs no login"}</Fact>
      {user === null ? null : <Fact term="Password">{hasPassword ? "Set" : "Not set"}</Fact>}
    </SetByEnvironment>
  );
}

/** The address from MAIL_FROM. */
export function FromFact({ from }: { from: string }) {
  return (
    <SetByEnvironment title="From address" variable="MAIL_FROM">
      <Fact term="From">{from}</Fact>
    </SetByEnvironment>
  );
}
