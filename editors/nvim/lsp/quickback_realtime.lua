-- The configuration behind `vim.lsp.enable('quickback_realtime')`. Everything in it can be
-- overridden with `vim.lsp.config('quickback_realtime', { ... })`.

---@type vim.lsp.Config
return {
  cmd = function(dispatchers, config)
    return require('quickback_realtime.server').start(dispatchers, config and config.root_dir)
  end,
  filetypes = { 'typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'json', 'jsonc' },
  root_dir = function(bufnr, on_dir)
    local root = require('quickback_realtime.project').root(vim.api.nvim_buf_get_name(bufnr))
    if root and require('quickback_realtime.server').check(root) then
      on_dir(root)
    end
  end,
  capabilities = {
    experimental = {
      quickbackStatus = true,
      quickbackPreview = true,
      commands = { 'quickbackRealtime.showPreview', 'quickbackRealtime.showReferences' },
    },
  },
  init_options = { generateOnSave = true, trusted = true },
  settings = { quickbackRealtime = {} },
  commands = {
    ['quickbackRealtime.showPreview'] = function(command, context)
      require('quickback_realtime.preview').open(context.bufnr, command.arguments[1])
    end,
    ['quickbackRealtime.showReferences'] = function(command, context)
      require('quickback_realtime.references').show(command.arguments[3], context.client_id)
    end,
  },
  handlers = {
    ['quickback/status'] = function(_, status)
      require('quickback_realtime.status').set(status)
    end,
    ['quickback/previewChanged'] = function()
      require('quickback_realtime.preview').refresh()
    end,
    -- As a notification, which is shown the way the user has all others shown.
    ['window/showMessage'] = function(_, shown)
      require('quickback_realtime.status').said(shown.message)
      local levels = { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO }
      vim.notify('Quickback Realtime: ' .. shown.message, levels[shown.type] or vim.log.levels.DEBUG)
    end,
  },
  on_init = function(client)
    require('quickback_realtime.server').check_version(client)
  end,
  on_exit = function(code, signal)
    require('quickback_realtime.server').on_exit(code, signal)
  end,
}
