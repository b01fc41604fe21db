import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address";

describe("clientAddress", () => {
  it.each([
    ["the socket's", "203.0.113.9", undefined, 0, "203.0.113.9"],
    ["the socket's, whatever is claimed", "203.0.113.9", "1.1.1.1", 0, "203.0.113.9"],
    ["IPv4 in IPv6", "::ffff:203.0.113.9", undefined, 0, "203.0.113.9"],
    ["IPv6 without its zone", "fe80::1%eth0", undefined, 0, "fe80::1"],
    ["behind one proxy", "10.0.0.1", "203.0.113.9", 1, "203.0.113.9"],
    ["behind one proxy, with a forged beginning", "10.0.0.1", "1.1.1.1, 203.0.113.9", 1, "203.0.113.9"],
    ["behind two proxies", "10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"],
    ["behind fewer proxies than announced", "10.0.0.1", "203.0.113.9", 3, "203.0.113.9"],
    ["behind a proxy that says nothing", "10.0.0.1", undefined, 1, "10.0.0.1"],
    ["behind a proxy that says nonsense", "10.0.0.1", "a, unknown", 1, "10.0.0.1"],
    ["behind a proxy that maps", "10.0.0.1", "::ffff:203.0.113.9", 1, "203.0.113.9"],
    ["behind a proxy that maps in hexadecimal", "10.0.0.1", "::ffff:cb00:7109", 1, "203.0.113.9"],
    ["behind a proxy that maps at length", "10.0.0.1", "0:0:0:0:0:FFFF:CB00:7109", 1, "203.0.113.9"],
    ["behind a proxy that maps some of it", "10.0.0.1", "::ffff:0:7109", 1, "0.0.113.9"],
    ["behind a proxy that maps nothing", "10.0.0.1", "::1:ffff:cb00:7109", 1, "::1:ffff:cb00:7109"],
    ["behind a proxy that tells the port", "10.0.0.1", "1.1.1.1:80, 203.0.113.9:51234", 1, "203.0.113.9"],
    ["behind a proxy that tells the port of IPv6", "10.0.0.1", "[2001:db8::1]:51234", 1, "2001:db8::1"],
    ["behind a proxy that puts IPv6 in brackets", "10.0.0.1", "[2001:db8::1]", 1, "2001:db8::1"],
    ["behind a proxy that writes IPv6 at length", "10.0.0.1", "2001:0DB8:0:0:0:0:0:1", 1, "2001:db8::1"],
    ["behind a proxy that tells the zone", "10.0.0.1", "fe80::1%eth0", 1, "fe80::1"],
    ["behind a proxy that tells a port of nothing", "10.0.0.1", "[]:51234", 1, "10.0.0.1"],
    ["of a socket that is gone", undefined, undefined, 0, "unknown"],
  ])("%s", (_name, socket, forwarded, proxies, expected) => {
    expect(clientAddress(socket, forwarded, proxies)).toBe(expected);
  });
});
