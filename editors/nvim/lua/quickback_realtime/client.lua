-- The running client of a buffer.

local M = {}

---@param bufnr integer
---@return vim.lsp.Client?
function M.find(bufnr)
  return vim.lsp.get_clients({ name = 'quickback_realtime', bufnr = bufnr })[1]
end

--- The client of a buffer; where there is none, says why.
---@param bufnr integer
---@return vim.lsp.Client?
function M.of(bufnr)
  local client = M.find(bufnr)
  if not client then
    local root = require('quickback_realtime.project').root(vim.api.nvim_buf_get_name(bufnr))
    vim.notify(
      root and 'Quickback Realtime is not running here. :checkhealth quickback_realtime says why.'
        or 'This file is in no Quickback project: there is no quickback.config.ts above it.',
      vim.log.levels.WARN
    )
  end
  return client
end

return M
