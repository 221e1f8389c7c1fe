-- What the server says of each project: for a statusline, for the health check, and to say that a
-- generation did not happen.

local M = {}

local projects = {} ---@type table<string, table>

-- What the server has said last by itself, which is not said twice.
local last_said ---@type string?

local FAILURES = { blocked = vim.log.levels.WARN, failed = vim.log.levels.ERROR }

--- Takes note of what the server has said by itself.
---@param message string
function M.said(message)
  last_said = message
end

---@param status table the parameters of `quickback/status`
function M.set(status)
  local key = status.project or ''
  local before = projects[key]
  projects[key] = status
  local now = status.lastGeneration
  now = now ~= vim.NIL and now or nil
  local level = now and FAILURES[now.outcome]
  local was = before and before.lastGeneration
  if level and now.message ~= last_said and not vim.deep_equal(was, now) then
    vim.notify('Quickback Realtime: ' .. now.message, level)
  end
  vim.api.nvim_exec_autocmds('User', { pattern = 'QuickbackRealtimeStatus', data = status })
end

--- The last status of each project, by its root.
---@return table<string, table>
function M.all()
  return projects
end

--- A short text for a statusline; empty where no server runs.
---@return string
function M.text()
  local root = require('quickback_realtime.project').root(vim.api.nvim_buf_get_name(0))
  for project, status in pairs(projects) do
    local path = project:match('^file:') and vim.uri_to_fname(project) or project
    if root and vim.fs.normalize(path) == root then
      local generation = status.lastGeneration ~= vim.NIL and status.lastGeneration or nil
      return ('realtime %dE %dW%s'):format(
        status.errors,
        status.warnings,
        generation and ' ' .. generation.outcome or ''
      )
    end
  end
  return ''
end

return M
