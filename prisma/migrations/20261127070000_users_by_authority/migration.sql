-- Accounts with a given authority. Those of customers are left out: they are usually most of all, so that the index of
-- the order finds them soon, and their logins need not write to this one.
-- CreateIndex
CREATE INDEX "users_privileged_idx" ON "users" ("authority", "email_key") WHERE "authority" <> 'CUSTOMER_USER';
