// `npm run db:migration -- name`: writes the difference between the existing migrations and prisma/schema.prisma as the
// next migration. Applies nothing to any database except a throw-away one.

const { runProgram } = require("./node.js");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

runProgram(async () => {
  const { BUILD_FOLDER, bundle } = require("./build.js");
  const folder = path.join(BUILD_FOLDER, "migration");
  await bundle("server/write-migration.ts", folder);
  const { writeMigration } = await import(pathToFileURL(path.join(folder, "write-migration.mjs")).href);
  const file = await writeMigration(process.argv[2] || "");
  process.stdout.write(
    file === null
      ? "The migrations already match prisma/schema.prisma. Write a migration that changes only rows by hand.\n"
      : `${file}\nRead it before you commit it.\n`,
  );
});
