// Checks that Lua files are formatted as stylua.toml beside them says; formats them with --write.
//
//   node format.mjs [--write] FOLDER

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const [folder, write] = process.argv.slice(2).sort((a, b) => Number(a === '--write') - Number(b === '--write'));
// The package may be in a folder of tools instead of beside this file.
const require = createRequire(path.join(process.env.TOOLS ?? import.meta.dirname, 'package.json'));
const { Config, formatCode, IndentType, OutputVerification, QuoteStyle } = require('@johnnymorganz/stylua');

const settings = await readFile(path.join(folder, 'stylua.toml'), 'utf8');
const setting = (name) => new RegExp(`^${name} = "?(\\w+)"?$`, 'm').exec(settings)[1];

function config() {
  const made = Config.new();
  made.column_width = Number(setting('column_width'));
  made.indent_type = IndentType[setting('indent_type')];
  made.indent_width = Number(setting('indent_width'));
  made.quote_style = QuoteStyle[setting('quote_style')];
  return made;
}

const names = await readdir(folder, { recursive: true });
for (const name of names.filter((name) => name.endsWith('.lua')).sort()) {
  const file = path.join(folder, name);
  const text = await readFile(file, 'utf8');
  const formatted = formatCode(text, config(), undefined, OutputVerification.Full);
  if (formatted === text) {
    continue;
  }
  if (write === '--write') {
    await writeFile(file, formatted);
  } else {
    console.log(`not formatted: ${name}`);
    process.exitCode = 1;
  }
}
