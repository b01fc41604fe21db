/**
 * An e-mail address in ASCII: zod's pattern, and a top-level domain in its ASCII form too, such as `xn--p1ai` for `рф`.
 * It runs in quadratic time, so only on a text that is not too long.
 */
export const EMAIL =
  /^(?:[\w'+-]+\.)*[\w'+-]*[\w+-]@(?:[A-Za-z\d][A-Za-z\d-]*\.)+(?:[A-Za-z]{2,}|[Xx][Nn]--[A-Za-z\d-]+)$/;
