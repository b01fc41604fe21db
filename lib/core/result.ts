/** A verb's result for an expected failure. It carries a code; the page, action or route turns that into words. */
export type Failure<Code extends string, Details extends object = object> = {
  ok: false;
  code: Code;
} & Details;
export type Success<Value extends object = object> = { ok: true } & Value;
