-- What can go wrong with the server is said once, in a sentence with a way out.

local STORIES = 'quickback/features/stories/stories.ts'

return function(test)
  test('a missing server', { path = '/usr/bin:/bin' }, function(editor)
    editor:edit(STORIES)
    editor:wait_for('a message', 'return #messages == 1 and messages[1].text:find("no server was found")')
    editor:edit('quickback/quickback.config.ts')
    vim.wait(300)
    assert(#editor:messages() == 1, vim.inspect(editor:messages()))
  end)

  test('a server that may not be executed', {
    init = [[vim.fn.writefile({ '' }, vim.env.WORK .. '/not-executable')
      vim.lsp.config('quickback_realtime', { cmd = { vim.env.WORK .. '/not-executable', 'lsp' } })]],
  }, function(editor)
    editor:edit(STORIES)
    editor:wait_for('a message', 'return #messages == 1 and messages[1].text:find("may not be executed")')
  end)

  test('a server of another version is started all the same', {
    init = [[require('quickback_realtime.server').VERSION = '9.1.0']],
  }, function(editor)
    editor:edit(STORIES)
    editor:wait_for(
      'a message',
      'return #messages == 1 and messages[1].text:find("is version 0.1.0 and the plugin 9.1.0", 1, true)'
    )
    editor:wait_for_server()
  end)

  test('a server that is killed comes back, and nothing is lost', nil, function(editor)
    editor:edit(STORIES)
    editor:wait_for_server()
    local pid = vim.fn.systemlist('pgrep -P ' .. editor:lua('return vim.fn.getpid()'))[1]
    editor:type('Go// typed before')
    vim.uv.kill(tonumber(pid), 'sigkill')
    editor:type(' and after the crash<Esc>')
    editor:wait_for('a message', 'return #messages == 1 and messages[1].text:find("started again")')
    editor:wait_for_server()
    assert(editor:lua([[return vim.fn.getline('$')]]) == '// typed before and after the crash')
    assert(#editor:messages() == 1, vim.inspect(editor:messages()))
  end)

  test('a server that the user has named comes back too', {
    init = ([[vim.lsp.config('quickback_realtime', { cmd = { %q, 'lsp' } })]]):format(vim.env.SERVER),
  }, function(editor)
    editor:edit(STORIES)
    editor:wait_for_server()
    local pid = vim.fn.systemlist('pgrep -P ' .. editor:lua('return vim.fn.getpid()'))[1]
    vim.uv.kill(tonumber(pid), 'sigkill')
    editor:type('Go// typed after the crash<Esc>')
    -- Here it is Neovim that says so.
    editor:wait_for('a message', 'return #messages == 1 and messages[1].text:find("signal 9")')
    editor:wait_for_server()
    assert(editor:lua([[return vim.fn.getline('$')]]) == '// typed after the crash')
    assert(#editor:messages() == 1, vim.inspect(editor:messages()))
  end)
end
