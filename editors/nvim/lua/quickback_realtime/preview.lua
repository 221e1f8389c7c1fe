-- :QuickbackRealtimePreview: a scratch split beside the source that follows the typing.

local M = {}

local PAUSE_MS = 120
local FRESH = '// What each receiver gets, as you type.'
local KEPT = '// Kept from before this edit.'

local namespace = vim.api.nvim_create_namespace('quickback_realtime_preview')
local group = vim.api.nvim_create_augroup('quickback_realtime_preview', {})

---@class quickback_realtime.Shown
---@field source integer the buffer whose client is asked
---@field params table of `quickback/preview`

local shown = {} ---@type table<integer, quickback_realtime.Shown> by the preview's buffer
local timer ---@type uv.uv_timer_t?

--- Marks the first line, which says that what stands below it is from before an edit.
---@param bufnr integer
local function mark_kept(bufnr)
  vim.api.nvim_buf_set_extmark(bufnr, namespace, 0, 0, { line_hl_group = 'DiagnosticVirtualTextWarn' })
end

---@param bufnr integer
---@param preview table the answer to `quickback/preview`
local function render(bufnr, preview)
  local lines = vim.split(preview.text, '\n')
  table.insert(lines, 1, preview.stale and KEPT or FRESH)
  if lines[#lines] == '' then
    table.remove(lines)
  end
  local views = {}
  for _, win in ipairs(vim.fn.win_findbuf(bufnr)) do
    views[win] = vim.api.nvim_win_call(win, vim.fn.winsaveview)
  end
  vim.bo[bufnr].modifiable = true
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
  vim.bo[bufnr].modifiable = false
  for win, view in pairs(views) do
    vim.api.nvim_win_call(win, function()
      vim.fn.winrestview(view)
    end)
  end
  vim.api.nvim_buf_clear_namespace(bufnr, namespace, 0, -1)
  if preview.stale then
    mark_kept(bufnr)
  end
  for _, place in ipairs(require('quickback_realtime.differences').find(lines, preview.json)) do
    vim.api.nvim_buf_set_extmark(bufnr, namespace, place.line, place.first, {
      end_col = place.last,
      hl_group = 'DiffText',
    })
  end
end

--- Asks for a preview, and hands it on; nil where there is none.
---@param source integer
---@param params table
---@param on_preview fun(preview: table?)
local function ask(source, params, on_preview)
  local client = require('quickback_realtime.client').find(source)
  if not client then
    return
  end
  client:request('quickback/preview', params, function(err, preview)
    if err then
      vim.notify('Quickback Realtime: ' .. err.message, vim.log.levels.ERROR)
    else
      on_preview(preview ~= vim.NIL and preview or nil)
    end
  end, source)
end

--- Asks again for every preview that is open.
function M.refresh()
  for bufnr, preview in pairs(shown) do
    if vim.api.nvim_buf_is_loaded(preview.source) then
      ask(preview.source, preview.params, function(answer)
        if not vim.api.nvim_buf_is_valid(bufnr) then
          return
        elseif answer then
          render(bufnr, answer)
        else
          -- Between two keystrokes a definition may be no definition at all.
          vim.bo[bufnr].modifiable = true
          vim.api.nvim_buf_set_lines(bufnr, 0, 1, false, { KEPT })
          vim.bo[bufnr].modifiable = false
          mark_kept(bufnr)
        end
      end)
    end
  end
end

local function refresh_soon()
  timer = timer or assert(vim.uv.new_timer())
  timer:start(PAUSE_MS, 0, vim.schedule_wrap(M.refresh))
end

---@param preview table
---@return integer bufnr
local function create(preview)
  local bufnr = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(bufnr, ('quickback-realtime://%s/%s'):format(preview.kind, preview.name))
  vim.bo[bufnr].bufhidden = 'wipe'
  vim.bo[bufnr].modifiable = false
  vim.bo[bufnr].filetype = 'quickback-realtime-preview'
  vim.bo[bufnr].syntax = 'jsonc'
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = bufnr, desc = 'Close the preview' })
  vim.api.nvim_create_autocmd('BufWipeout', {
    group = group,
    buffer = bufnr,
    callback = function()
      shown[bufnr] = nil
      if next(shown) == nil then
        vim.api.nvim_clear_autocmds({ group = group })
      end
    end,
  })
  return bufnr
end

---@param preview table
---@return integer? bufnr
local function find_open(preview)
  for bufnr, other in pairs(shown) do
    if other.params.name == preview.name and other.params.kind == preview.kind then
      return bufnr
    end
  end
end

--- Shows a preview in a split beside the source, which keeps the cursor.
---@param source? integer the source's buffer; the current one by default
---@param target? { uri: string, name: string?, kind: string? } what the code lens says; what is under the cursor by default
function M.open(source, target)
  source = source or vim.api.nvim_get_current_buf()
  local client = require('quickback_realtime.client').of(source)
  if not client then
    return
  end
  local params
  if target then
    params = { textDocument = { uri = target.uri }, name = target.name, kind = target.kind }
  else
    params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  end
  ask(source, params, function(preview)
    if not preview then
      vim.notify(
        'Quickback Realtime: there is nothing to preview here. Put the cursor into a table with a `realtime` block, or into a `defineRealtime`.',
        vim.log.levels.INFO
      )
      return
    end
    local bufnr = find_open(preview)
    if not bufnr then
      bufnr = create(preview)
      vim.api.nvim_open_win(bufnr, false, { split = 'right' })
    end
    -- A preview is named by what it shows, not by a position: that survives every edit.
    shown[bufnr] = {
      source = source,
      params = { textDocument = params.textDocument, name = preview.name, kind = preview.kind },
    }
    vim.api.nvim_clear_autocmds({ group = group, event = { 'TextChanged', 'TextChangedI', 'TextChangedP' } })
    vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI', 'TextChangedP' }, {
      group = group,
      pattern = { '*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}', 'quickback-realtime.json' },
      callback = refresh_soon,
    })
    render(bufnr, preview)
  end)
end

return M
