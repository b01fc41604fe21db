import { Change } from "@/components/ui/change";
import { Fact, Facts } from "@/components/ui/facts";
import type { RingEntry } from "@/lib/jwt-security/rotation";
import { IssuerName } from "./issuer-name";

/** The current key and issuer name, and the ones that will replace them. */
export function KeyChange({ from, to }: { from: RingEntry; to: RingEntry }) {
  const figures = ({ fingerprint }: RingEntry) => <span className="figures">{fingerprint}</span>;
  return (
    <Facts className="max-xs:grid-cols-1">
      <Fact term="Key">
        {from.fingerprint === to.fingerprint ? (
          <>{figures(to)}, unchanged</>
        ) : (
          <Change from={figures(from)} to={figures(to)} />
        )}
      </Fact>
      <Fact term="Issuer name">
        {from.issuer === to.issuer ? (
          <>
            <IssuerName name={to.issuer} />, unchanged
          </>
        ) : (
          <Change from={<IssuerName name={from.issuer} />} to={<IssuerName name={to.issuer} />} />
        )}
      </Fact>
    </Facts>
  );
}
