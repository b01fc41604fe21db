import fc from "fast-check";
import { checkPassword, policyRequirements, violationText } from "@/lib/password/rules";
import {
  type PasswordPolicy,
  passwordPolicyDefaults,
  passwordPolicySchema,
} from "@/lib/settings/password/schema";
import { expect, test } from "./fixtures/test";
import { ActivationPage } from "./pages/activation-page";

const POLICIES = 4;
const PASSWORDS = 10;

const few = fc.integer({ min: 0, max: 3 });
const somePolicy = fc
  .record<PasswordPolicy>({
    minimumLength: fc.integer({ min: 6, max: 12 }),
    maximumLength: fc.option(fc.integer({ min: 8, max: 20 })),
    minimumUppercaseLetters: few,
    minimumLowercaseLetters: few,
    minimumDigits: few,
    minimumSpecialCharacters: few,
    allowWhitespaces: fc.boolean(),
    passwordExpirationPeriodDays: fc.constant(0),
    passwordReuseFrequencyDays: fc.constant(0),
    forceUserToResetPasswordIfNotValid: fc.constant(false),
  })
  .filter((policy) => passwordPolicySchema.safeParse(policy).success);

/** Characters of every class that a policy distinguishes: several scripts, combining marks, surrogate pairs. */
const character = fc.constantFrom(..."aßéωAΣⅧ7٣²!€😀漢ǅ ", "e\u0301", "👩‍💻", "\u3000", "\u00a0");
const anyPassword = fc.string({ unit: character, minLength: 1, maxLength: 24 });
/** Passwords that mostly satisfy a policy: characters of the required classes, and a few more. */
const richPassword = fc
  .tuple(
    fc.shuffledSubarray([..."AΣZaßω7٣1!€😀"], { minLength: 8 }),
    fc.string({ unit: character, maxLength: 4 }),
  )
  .map(([must, more]) => must.join("") + more);

test("the checklist, the form and the server agree about any password under any policy", async ({
  page,
  request,
  arrange,
}) => {
  test.slow();
  const seed = Date.now();
  const form = new ActivationPage(page);
  const invite = async () => {
    const { id } = await arrange("makeUser", { state: "INVITED" });
    const { url, secret } = await arrange("makeLink", id, "ACTIVATION");
    await page.goto(url);
    return { url, secret };
  };
  for (const policy of fc.sample(somePolicy, { seed, numRuns: POLICIES })) {
    await arrange("makeSettings", { password: policy });
    let link = await invite();
    for (const password of fc.sample(fc.oneof(anyPassword, richPassword), {
      seed: seed + policy.minimumLength,
      numRuns: PASSWORDS,
    })) {
      await test.step(`seed ${seed}: ${JSON.stringify(password)} under ${JSON.stringify(policy)}`, async () => {
        const violations = checkPassword(policy, password);
        await form.password.fill(password);
        const broken = new Set(violations.map(({ code }) => code));
        const lines = policyRequirements(policy);
        await expect(page.getByRole("listitem")).toHaveText(
          lines.map(({ code, text }) => `${broken.has(code) ? "not met: " : "met: "}${text}`),
        );

        const data = { activateToken: link.secret, password };
        const answer = () => request.post("/api/noauth/activate", { data });
        if (violations.length > 0) {
          await form.submit.click();
          await expect(form.password).toBeFocused();
          await expect(form.password).toHaveValue(password);
          const refused = await answer();
          expect(refused.status()).toBe(400);
          expect((await refused.json()).message).toBe(violations.map(violationText).join("\n"));
          return;
        }
        await form.submit.click();
        await expect(page).toHaveURL("/login?notice=password-set");
        expect((await (await answer()).json()).message).toContain("was already used");
        link = await invite();
      });
    }
  }
});

test("the checklist shows the rules that refused the password, even if they are newer than the form", async ({
  page,
  arrange,
  logIn,
}) => {
  const stricter = { minimumLength: 20, minimumUppercaseLetters: 1 };
  const formerlyValid = "fourteen chars";
  const form = new ActivationPage(page);
  const lines = page.getByRole("list", { name: "What the password must have" }).getByRole("listitem");
  const expectNewRules = async () => {
    await expect(lines).toHaveText([
      "not met: At least 20 characters",
      "met: At most 128 characters",
      "not met: At least 1 uppercase letter",
    ]);
    await form.password.fill("x");
    await expect(lines.first()).toHaveText("not met: At least 20 characters");
    await form.password.fill("Twenty characters and more");
    await expect(lines.filter({ hasText: /^met: / })).toHaveCount(3);
  };

  const { id } = await arrange("makeUser", { state: "INVITED" });
  await page.goto((await arrange("makeLink", id, "ACTIVATION")).url);
  await arrange("makeSettings", { password: { ...passwordPolicyDefaults, ...stricter } });
  await form.choose(formerlyValid);
  await expectNewRules();
  await form.submit.click();
  await expect(page).toHaveURL("/login?notice=password-set");

  await arrange("makeSettings", { password: passwordPolicyDefaults });
  const { password } = await logIn();
  await page.goto("/account/password");
  await arrange("makeSettings", { password: { ...passwordPolicyDefaults, ...stricter } });
  await page.getByLabel("Current password", { exact: true }).fill(password);
  await form.password.fill(formerlyValid);
  await page.getByRole("button", { name: "Change password" }).click();
  await expectNewRules();
  // A refusal for another reason does not bring back the rules with which the form was opened.
  await page.getByLabel("Current password", { exact: true }).fill("not that one");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Wrong password, or your account is currently locked")).toBeVisible();
  await expect(lines.first()).toHaveText(/At least 20 characters$/);
});

test("a form from before the rules were relaxed accepts a password that they allow at the second try", async ({
  page,
  arrange,
  logIn,
}) => {
  const relaxed = { ...passwordPolicyDefaults, minimumLength: 8 };
  const formerlyTooShort = "ten chars!";
  const form = new ActivationPage(page);
  const expectRelaxed = () => expect(form.requirement("met: At least 8 characters")).toBeVisible();

  const { id } = await arrange("makeUser", { state: "INVITED" });
  await page.goto((await arrange("makeLink", id, "ACTIVATION")).url);
  await arrange("makeSettings", { password: relaxed });
  await form.choose(formerlyTooShort);
  await expectRelaxed();
  await expect(form.password).toBeFocused();
  await expect(form.password).toHaveValue(formerlyTooShort);
  await form.submit.click();
  await expect(page).toHaveURL("/login?notice=password-set");

  await arrange("makeSettings", { password: passwordPolicyDefaults });
  const { password } = await logIn();
  await page.goto("/account/password");
  await page.getByLabel("Current password", { exact: true }).fill(password);
  await form.password.fill(formerlyTooShort);
  await arrange("makeSettings", { password: relaxed });
  await page.getByRole("button", { name: "Change password" }).click();
  await expectRelaxed();
  await expect(page.getByLabel("Current password", { exact: true })).toHaveValue(password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password has been changed")).toBeVisible();
});
