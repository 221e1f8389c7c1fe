-- All safe fixes of a buffer at once.

local M = {}

local KIND = 'source.fixAll.quickbackRealtime'
local PATIENCE_MS = 2000
local START = { line = 0, character = 0 }

--- Applies every fix that changes neither what is sent nor who receives it. It waits for the
--- server, so that a buffer that is about to be written is written with them.
---@param bufnr integer
function M.all(bufnr)
  local client = require('quickback_realtime.client').find(bufnr)
  if not client then
    return
  end
  local answer, problem = client:request_sync('textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(bufnr),
    range = { start = START, ['end'] = START },
    context = { diagnostics = {}, only = { KIND } },
  }, PATIENCE_MS, bufnr)
  problem = problem or (answer and answer.err and answer.err.message)
  if problem then
    vim.notify('Quickback Realtime: nothing was fixed: ' .. problem, vim.log.levels.WARN)
    return
  end
  for _, action in ipairs(answer and answer.result or {}) do
    vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  end
end

return M
