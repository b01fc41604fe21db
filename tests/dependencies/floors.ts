/** The parts of a lock file that these checks read; the package with the empty name is the product itself. */
export type LockFile = {
  packages: Record<
    string,
    { version?: string; resolved?: string; integrity?: string; link?: boolean; inBundle?: boolean }
  >;
};

/** The oldest version of each package, anywhere in the tree, without a known vulnerability that concerns us. */
export type Floors = Readonly<Record<string, { version: string; isRequired: boolean }>>;

function identifiers(version: string): (number | string)[][] {
  const [core = "", ...rest] = version.split("+")[0]?.split("-") ?? [];
  const parse = (text: string) =>
    text === "" ? [] : text.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return [parse(core), parse(rest.join("-"))];
}

function compareLists(a: (number | string)[], b: (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    // Numeric identifiers have lower precedence than alphanumeric ones.
    if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

/** Returns a negative number when `a` is older than `b` (Semantic Versioning 2.0.0, 11). */
export function compareVersions(a: string, b: string): number {
  const [coreA = [], previewA = []] = identifiers(a);
  const [coreB = [], previewB = []] = identifiers(b);
  const core = compareLists(coreA, coreB);
  if (core !== 0) return core;
  if (previewA.length === 0 || previewB.length === 0) return previewB.length - previewA.length;
  return compareLists(previewA, previewB);
}

/** The packages of a lock file that are older than their floor, or missing where they are required. */
export function findBelowFloor(lock: LockFile, floors: Floors): string[] {
  const problems: string[] = [];
  for (const [name, { version: floor, isRequired }] of Object.entries(floors)) {
    const copies = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
    if (isRequired && copies.length === 0) problems.push(`${name} is missing`);
    for (const [path, { version = "0.0.0" }] of copies) {
      if (compareVersions(version, floor) < 0) problems.push(`${path} is ${version}, below ${floor}`);
    }
  }
  return problems;
}

/** The packages of a lock file with a registry's URL, or without an integrity digest. */
export function findUnportable(lock: LockFile): string[] {
  return (
    Object.entries(lock.packages)
      // The digest of a package covers the packages that are bundled inside it.
      .filter(([path, { link, inBundle }]) => path !== "" && !link && !inBundle)
      .filter(([, { resolved, integrity }]) => resolved !== undefined || integrity === undefined)
      .map(([path]) => path)
  );
}

/** The direct dependencies of a package.json that are not pinned to one version. */
export function findUnpinned(manifest: Record<string, unknown>): string[] {
  const groups = ["dependencies", "devDependencies", "optionalDependencies", "overrides"];
  const entries = groups.flatMap((group) => Object.entries((manifest[group] ?? {}) as object));
  return entries
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(String(version)))
    .map(([name, version]) => `${name} ${JSON.stringify(version)}`);
}
