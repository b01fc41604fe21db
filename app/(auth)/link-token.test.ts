import { expect, it } from "vitest";
import { linkToken } from "./link-token";

const TOKEN = "9bQL-2xmfCxilg9vB8Io-OkrMfAFlCS2R_zkJ05FneU";

it.each([
  ["as it was issued", TOKEN],
  ["broken by a line", `${TOKEN.slice(0, 20)}\r\n ${TOKEN.slice(20)}`],
  ["with the soft break of quoted-printable", `${TOKEN.slice(0, 20)}=\n${TOKEN.slice(20)}`],
  ["as it stands in the source of a mail", `3D${TOKEN.slice(0, 20)}=\r\n${TOKEN.slice(20)}`],
  ["that begins like such a source", `3D${TOKEN.slice(2)}`, `3D${TOKEN.slice(2)}`],
  ["with a full stop after it", `${TOKEN}.`],
  ["with a bracket after it", `${TOKEN}>`],
  ["with spaces around it", ` ${TOKEN}\u00a0`],
])("takes a token %s", (_what, parameter, token = TOKEN) => {
  expect(linkToken(parameter)).toBe(token);
});

it("takes no token from an address with none or several", () => {
  expect(linkToken(undefined)).toBeNull();
  expect(linkToken([TOKEN, TOKEN])).toBeNull();
});
