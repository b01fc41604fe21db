/** A verb's answer where failure is expected: codes travel, words are found at the edge. */
export type Failure<Code extends string, Details extends object = object> = {
  ok: false;
  code: Code;
} & Details;
export type Success<Value extends object = object> = { ok: true } & Value;
