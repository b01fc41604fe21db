import { encodeUsersCursor } from "@/lib/users/cursor";
import {
  authorities,
  type UserState,
  type UsersPageQuery,
  userSortProperties,
  userSorts,
} from "@/lib/users/schema";

/** An account in the database; searches are derived from existing accounts. */
export type SampleUser = Readonly<{
  id: string;
  email: string;
  emailKey: string;
  firstName: string;
  lastName: string;
  createdAt: Date;
  lastLoginAt: Date | null;
}>;

type Query = Readonly<{
  search?: string;
  state?: UserState;
  authority?: string;
  sort?: string;
  after?: string;
}>;
type Make<Q> = (user: SampleUser, number: number) => Q;

/** Returns the n-th value, starting over at the end. */
const nth = <T>(values: readonly T[], number: number) => values[number % values.length] as T;
const sortOf = (number: number) => nth(userSorts, number);

/** Returns the cursor behind an account in a sort order. */
function cursorOf({ emailKey, createdAt, lastLoginAt, id }: SampleUser, number: number): Query {
  const sort = sortOf(number);
  const value = {
    email: emailKey,
    newest: createdAt.toISOString(),
    "last-login": lastLoginAt?.toISOString() ?? null,
    "oldest-login": lastLoginAt?.toISOString() ?? null,
  }[sort];
  return { sort, after: encodeUsersCursor({ sort, value, id }) };
}

/** Returns the first three to eight letters of an address or a name. */
const beginning = ({ email, firstName, lastName }: SampleUser, number: number) =>
  nth([email, lastName, firstName], number).slice(0, 3 + (number % 6));

/** Returns four to nine characters from within an address. */
const middle = ({ email }: SampleUser, number: number) =>
  email.slice(2 + (number % 7)).slice(0, 4 + (number % 6));

/** Returns a text that no address and no name contains. */
const nothing = (number: number) => `${nth(["qx", "zzq", "jqv", "xkj"], number)}${number}wq`;

/** The measured lists, each in every sort order. */
export const lists = {
  first: (_, number) => ({ sort: sortOf(number) }),
  deep: (user, number) => cursorOf(user, number),
  prefix: (user, number) => ({ search: beginning(user, number), sort: sortOf(number) }),
  substring: (user, number) => ({ search: middle(user, number), sort: sortOf(number) }),
  address: ({ email }, number) => ({ search: email, sort: sortOf(number) }),
  letter: ({ lastName }, number) => ({
    search: lastName.slice(0, 1 + ((number >> 2) % 2)),
    sort: sortOf(number),
  }),
  nothing: (_, number) => ({ search: nothing(number), sort: sortOf(number) }),
  locked: (_, number) => ({ state: "locked", sort: sortOf(number) }),
  other: (_, number) => ({
    state: nth(["invited", "disabled", "active"], number),
    sort: sortOf(number >> 2),
  }),
  authority: (_, number) => ({ authority: nth(authorities, number), sort: sortOf(number >> 2) }),
  lockedPrefix: (user, number) => ({
    state: "locked",
    search: beginning(user, number),
    sort: sortOf(number),
  }),
} as const satisfies Record<string, Make<Query>>;
export type ListName = keyof typeof lists;

function numbered(number: number, rest: Partial<UsersPageQuery>): UsersPageQuery {
  const sortOrder = number % 2 === 0 ? "ASC" : "DESC";
  return { sortProperty: nth(userSortProperties, number >> 1), sortOrder, pageSize: 50, page: 0, ...rest };
}

/** The measured pages of `GET /api/users`. */
export const numberedPages = {
  first: (_, number) => numbered(number, {}),
  deep: (_, number) => numbered(number, { page: 10_000 + number * 7 }),
  search: (user, number) => numbered(number, { search: beginning(user, number) }),
} as const satisfies Record<string, Make<UsersPageQuery>>;
export type PageName = keyof typeof numberedPages;
