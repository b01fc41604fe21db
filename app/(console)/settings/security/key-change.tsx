import { Change } from "@/components/ui/change";
import { Fact, Facts } from "@/components/ui/facts";
import { withInvisibleNamed } from "@/lib/core/plain-text/rules";
import type { RingEntry } from "@/lib/jwt-security/rotation";

/** The current key and issuer name, and the ones that will replace them. */
export function KeyChange({ from, to }: { from: RingEntry; to: RingEntry }) {
  const figures = ({ fingerprint }: RingEntry) => <span className="figures">{fingerprint}</span>;
  const issuer = (entry: RingEntry) => <bdi>{withInvisibleNamed(entry.issuer)}</bdi>;
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
          <>{issuer(to)}, unchanged</>
        ) : (
          <Change from={issuer(from)} to={issuer(to)} />
        )}
      </Fact>
    </Facts>
  );
}
