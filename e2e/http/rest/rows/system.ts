import { expect, type Row } from "../rest-test";

export const systemInfoRows: readonly Row[] = [
  {
    what: "a token of anybody's",
    ask: async ({ signedIn }) => ({ token: (await signedIn({ authority: "CUSTOMER_USER" })).token }),
    answer: [200, null],
    after: ({ json }) => expect(json).toEqual({ version: "4.0.0", artifact: "gatehouse", name: "Gatehouse" }),
  },
  { what: "no token", ask: () => ({}), answer: [401, 10] },
];
