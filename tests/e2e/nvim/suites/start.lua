-- The plugin starts where it should, and nowhere else.

local STORIES = 'quickback/features/stories/stories.ts'

return function(test, Editor)
  test('the server starts with the first file of a project', nil, function(editor)
    editor:edit(STORIES)
    editor:wait_for_server()
    local root = editor:lua('return vim.lsp.get_clients({ bufnr = 0 })[1].root_dir')
    assert(root == vim.fs.normalize(Editor.file('')):gsub('/$', ''), 'the root is ' .. root)
    assert(#editor:messages() == 0, vim.inspect(editor:messages()))
  end)

  test('nothing happens outside Quickback projects', nil, function(editor)
    local file = vim.fn.tempname() .. '.ts'
    vim.fn.writefile({ 'export const a = 1;' }, file)
    editor:lua('vim.cmd.edit(...)', file)
    vim.wait(400)
    assert(editor:lua('return #vim.lsp.get_clients()') == 0)
    assert(
      editor:lua([[return package.loaded['quickback_realtime.server'] == nil]]),
      'the rest of the plugin was not even loaded'
    )
    editor:type(':QuickbackRealtimePreview<CR>')
    editor:wait_for('an explanation', 'return messages[1] and messages[1].text:find("no Quickback project")')
  end)

  test(
    'the plugin can be kept from starting',
    { init = 'vim.g.quickback_realtime_enable = false' },
    function(editor)
      editor:edit(STORIES)
      vim.wait(400)
      assert(editor:lua('return #vim.lsp.get_clients()') == 0)
    end
  )

  test('the command and the settings can be overridden the usual way', {
    init = ([[vim.lsp.config('quickback_realtime', {
      cmd = { %q, 'lsp' }, init_options = { generateOnSave = false } })]]):format(vim.env.SERVER),
  }, function(editor)
    editor:edit(STORIES)
    editor:wait_for_server()
    local config =
      editor:lua('local c = vim.lsp.get_clients({ bufnr = 0 })[1].config return { c.cmd[1], c.init_options }')
    assert(config[1] == vim.env.SERVER)
    assert(config[2].generateOnSave == false and config[2].trusted == true)
  end)
end
