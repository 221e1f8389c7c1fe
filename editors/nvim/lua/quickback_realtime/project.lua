-- Which project a file belongs to.

local M = {}

local CONFIGS = {
  'quickback.config.ts',
  'quickback.config.mts',
  'quickback.config.js',
  'quickback.config.mjs',
}

---@param dir string
---@return boolean
local function holds_config(dir)
  return vim.iter(CONFIGS):any(function(name)
    return vim.uv.fs_stat(vim.fs.joinpath(dir, name)) ~= nil
  end)
end

--- The root of the project that holds a file: the nearest folder above it with a Quickback
--- configuration, or with a folder `quickback` that has it.
---@param file string
---@return string? root nil outside Quickback projects
function M.root(file)
  if file == '' then
    return nil
  end
  for dir in vim.fs.parents(vim.fs.normalize(file)) do
    if holds_config(dir) then
      local inside = vim.fs.basename(dir) == 'quickback'
        and vim.uv.fs_stat(vim.fs.joinpath(dir, 'package.json')) == nil
      return inside and vim.fs.dirname(dir) or dir
    end
    if holds_config(vim.fs.joinpath(dir, 'quickback')) then
      return dir
    end
  end
end

return M
