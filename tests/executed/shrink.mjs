// Makes a project that fails smaller, choice by choice, as long as it fails in the same way.

/**
 * The names at which nothing needs to be chosen. `attempt` answers the names of the choices that
 * are made without those at some names, or nothing where that does not fail any more.
 */
export async function shrink(attempt, most = 400) {
  let plain = new Set();
  let made = await attempt(plain);
  const tried = new Set();
  while (tried.size < most) {
    const next = candidates(made).find((name) => !tried.has(name));
    if (next === undefined) break;
    tried.add(next);
    const without = new Set([...plain, next]);
    const left = await attempt(without);
    if (left) [plain, made] = [without, left];
  }
  return plain;
}

/** The names of choices and of what lies above them, the widest first. */
function candidates(made) {
  const names = new Set();
  for (const path of made) {
    const parts = path.split('/');
    for (let length = 2; length <= parts.length; length++) names.add(parts.slice(0, length).join('/'));
  }
  return [...names].sort((a, b) => a.split('/').length - b.split('/').length);
}
