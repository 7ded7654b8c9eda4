// Unpacks the package's Chromium with its libraries and fonts into the folder named on the command line, and writes
// `run` there: the command that starts it with them. The package's own start looks for them in fixed places.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { argv, env } from "node:process";
import { fileURLToPath } from "node:url";

const folder = resolve(argv[2]);
mkdirSync(folder, { recursive: true });
env.TMPDIR = folder; // where the package unpacks to
const { inflate } = await import("@sparticuz/chromium");
const packed = new URL("../bin/", import.meta.resolve("@sparticuz/chromium"));
for (const name of ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"]) {
  await inflate(fileURLToPath(new URL(name, packed)));
}

const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;
const run = `#!/bin/sh
export LD_LIBRARY_PATH='${folder}/al2023/lib' FONTCONFIG_FILE='${folder}/fonts.conf'
exec '${folder}/chromium' "$@"
`;
writeFileSync(`${folder}/fonts.conf`, fonts);
writeFileSync(`${folder}/run`, run);
chmodSync(`${folder}/run`, 0o755);
