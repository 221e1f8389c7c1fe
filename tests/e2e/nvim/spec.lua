-- Every test in Neovim. Run by the script "run", with `nvim -l`; the last line that is printed
-- holds how many passed and how many failed.

local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
package.path = here .. '/?.lua;' .. package.path
local Editor = require('editor')

local passed, failed = 0, 0

local function say(line)
  io.stdout:write(line .. '\n')
end

--- Runs a test with a Neovim of its own, started with `options`.
local function test(name, options, body)
  local editor
  local ok, problem = xpcall(function()
    editor = Editor.start(options)
    body(editor)
  end, debug.traceback)
  if editor then
    editor:stop()
  end
  if ok then
    passed = passed + 1
    say('    ok    ' .. name)
  else
    failed = failed + 1
    say('    FAIL  ' .. name .. '\n' .. problem:gsub('([^\n]+)', '          %1'))
  end
end

for _, suite in ipairs({ 'start', 'walk', 'differences', 'language', 'failures' }) do
  say('  ' .. suite)
  require('suites.' .. suite)(test, Editor)
end
say(('%d %d'):format(passed, failed))
