if vim.g.loaded_quickback_realtime then
  return
end
vim.g.loaded_quickback_realtime = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify_once('quickback_realtime needs Neovim 0.11 or newer.', vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command('QuickbackRealtimePreview', function()
  require('quickback_realtime.preview').open()
end, { desc = 'Show the events of the table or namespace under the cursor' })

vim.api.nvim_create_user_command('QuickbackRealtimeGenerate', function(command)
  require('quickback_realtime.generate').run(command.bang)
end, { bang = true, desc = 'Write the generated files of this project; with !, also over files of others' })

-- Costs nothing outside Quickback projects: the server starts with the first file of one.
if vim.g.quickback_realtime_enable ~= false then
  vim.lsp.enable('quickback_realtime')
  -- Neovim passes over a configured command that cannot be executed without a word.
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('quickback_realtime', {}),
    pattern = { 'typescript', 'typescriptreact', 'javascript', 'javascriptreact' },
    callback = function(event)
      local cmd = vim.lsp.config.quickback_realtime.cmd
      if type(cmd) == 'table' and vim.fn.executable(cmd[1]) == 0 then
        local root = require('quickback_realtime.project').root(event.file)
        if root then
          require('quickback_realtime.server').check(root)
        end
      end
    end,
  })
end
