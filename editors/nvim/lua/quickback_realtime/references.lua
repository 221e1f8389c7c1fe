-- The code lens that counts call sites.

local M = {}

--- Puts the places into the quickfix list, or goes to the only one.
---@param locations lsp.Location[]
---@param client_id integer
function M.show(locations, client_id)
  local client = assert(vim.lsp.get_client_by_id(client_id))
  if #locations == 1 then
    vim.lsp.util.show_document(locations[1], client.offset_encoding, { focus = true })
    return
  end
  vim.fn.setqflist({}, ' ', {
    title = 'Call sites',
    items = vim.lsp.util.locations_to_items(locations, client.offset_encoding),
  })
  vim.cmd('botright copen')
end

return M
