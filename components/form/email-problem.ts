/** Says what is wrong with the e-mail address in an input that the browser finds invalid. */
export function emailProblem({ validity }: HTMLInputElement): string {
  return validity.valueMissing
    ? "Enter your e-mail address."
    : "Enter one e-mail address, like name@example.org.";
}
