-- :QuickbackRealtimeGenerate

local M = {}

--- Writes the generated files of the current buffer's project.
---@param force boolean also over files that are not ours
function M.run(force)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = require('quickback_realtime.client').of(bufnr)
  if not client then
    return
  end
  client:exec_cmd({
    title = 'Generate',
    command = 'quickbackRealtime.generate',
    arguments = { { uri = vim.uri_from_bufnr(bufnr), force = force } },
  }, { bufnr = bufnr }, function(err, result)
    if err then
      vim.notify('Quickback Realtime: ' .. err.message, vim.log.levels.ERROR)
    elseif #result.problems > 0 then
      vim.notify('Not generated: ' .. table.concat(result.problems, '\n'), vim.log.levels.ERROR)
    elseif #result.written == 0 then
      vim.notify('Everything was up to date.')
    else
      vim.notify('Wrote ' .. table.concat(result.written, ', '))
    end
  end)
end

return M
