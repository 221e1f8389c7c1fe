-- The walk of a user, by keys.

local TIPS = 'quickback/features/tips/tips.ts'
local HELPER = 'src/lib/realtime.ts'

return function(test, Editor)
  local function open(editor)
    editor:edit(TIPS)
    editor:wait_for_project()
  end

  test('a typo gets its diagnostic, and the code action mends it', nil, function(editor)
    open(editor)
    editor:type([[/^ *'triage',<CR>f,hi<BS><Esc>]])
    local found = editor:wait_for('a diagnostic', 'return vim.diagnostic.get(0)[1]')
    assert(found.code == 'unknown-field', vim.inspect(found))
    assert(found.message:find('"triag" is not a column of "tips"', 1, true), found.message)
    -- Neovim's own way to choose, answered with the first.
    editor:lua([[vim.ui.select = function(items, _, choose) choose(items[1], 1) end]])
    editor:type('gra')
    editor:wait_for('the fix', [[return vim.api.nvim_get_current_line():find("'triage',", 1, true)]])
    editor:wait_for('no diagnostic', 'return #vim.diagnostic.get(0) == 0')
  end)

  test('a role is completed inside quotes', nil, function(editor)
    open(editor)
    editor:type([[/requiredRoles<CR>f]i, 'contri<C-x><C-o>]])
    local words = editor:wait_for(
      'the menu',
      [[return vim.fn.pumvisible() == 1
      and vim.tbl_map(function(item) return item.word end, vim.fn.complete_info({ 'items' }).items)]]
    )
    table.sort(words)
    assert(vim.deep_equal(words, { 'contributor', 'contributor+' }), vim.inspect(words))
    editor:type("<C-y>'<Esc>")
    editor:wait_for(
      'the role',
      [[return vim.api.nvim_get_current_line():find("'editor+', 'contributor'", 1, true)]]
    )
  end)

  test('the preview opens beside the source and follows the typing', nil, function(editor)
    open(editor)
    editor:type('/requiredRoles<CR>:QuickbackRealtimePreview<CR>')
    editor:wait_for('a second window', 'return #vim.api.nvim_list_wins() == 2')
    local text = [[local bufnr = vim.fn.bufnr('quickback-realtime://table/tips')
      return table.concat(vim.api.nvim_buf_get_lines(bufnr, 0, -1, false), '\n')]]
    assert(editor:lua(text):find('"triage"', 1, true), editor:lua(text))
    assert(
      vim.fs.basename(editor:lua('return vim.api.nvim_buf_get_name(0)')) == 'tips.ts',
      'the cursor stayed'
    )
    local marked = editor:lua([[local bufnr = vim.fn.bufnr('quickback-realtime://table/tips')
      local namespace = vim.api.nvim_create_namespace('quickback_realtime_preview')
      return vim.tbl_map(function(mark)
        return vim.api.nvim_buf_get_text(bufnr, mark[2], mark[3], mark[2], mark[4].end_col, {})[1]
      end, vim.api.nvim_buf_get_extmarks(bufnr, namespace, 0, -1, { details = true }))]])
    assert(
      vim.iter(marked):any(function(value)
        return value:find('**', 1, true)
      end),
      'what differs between receivers is marked: ' .. vim.inspect(marked)
    )

    editor:type([[/^ *'triage',<CR>dd]])
    editor:wait_for(
      'a preview without the column',
      ([[local text = (function() %s end)() return not text:find('"triage"', 1, true)]]):format(text)
    )
    editor:type('u')
    editor:wait_for(
      'a preview with the column',
      ([[local text = (function() %s end)() return text:find('"triage"', 1, true)]]):format(text)
    )

    editor:type('/export default<CR>fef(x')
    editor:wait_for(
      'the note that the preview is kept',
      ([[local text = (function() %s end)()
      return text:find('Kept from before', 1, true) and text:find('"triage"', 1, true)]]):format(text)
    )
  end)

  test('the first save asks, and then writes the helper', nil, function(editor)
    open(editor)
    assert(vim.uv.fs_stat(Editor.file(HELPER)) == nil)
    editor:lua([[vim.ui.select = function(items, options, choose)
      asked = options.prompt
      for at, item in ipairs(items) do
        if (type(item) == 'table' and item.title or item) == 'Generate' then choose(item, at) end
      end
    end]])
    editor:type(':write<CR>')
    editor:wait_for('the question', 'return asked')
    assert(
      vim.wait(60000, function()
        return vim.uv.fs_stat(Editor.file(HELPER)) ~= nil
      end, 20),
      'the helper is there'
    )
    editor:wait_for('the status', [[return require('quickback_realtime.status').text():find('written')]])
    assert(#editor:messages() == 0, 'nothing is said of success: ' .. vim.inspect(editor:messages()))
  end)

  test('an error blocks generation, and that is said', nil, function(editor)
    open(editor)
    local before = vim.fn.readblob(Editor.file(HELPER))
    editor:type([[/type: 'name'<CR>f'lx]])
    editor:wait_for('a diagnostic', 'return vim.diagnostic.get(0)[1]')
    editor:type(':write<CR>')
    editor:wait_for('the message', 'return messages[1]')
    assert(vim.fn.readblob(Editor.file(HELPER)) == before)
    editor:type('u:write<CR>')
    editor:wait_for('no diagnostic', 'return #vim.diagnostic.get(0) == 0')
  end)

  test('an error in a file that is not open blocks generation, and that is said once', nil, function(editor)
    open(editor)
    local stories = Editor.file('quickback/features/stories/stories.ts')
    local before = vim.fn.readblob(stories)
    vim.fn.writefile(vim.split(before:gsub('enabled: true', "enabled: 'yes'", 1), '\n'), stories, 'b')
    editor:type(':write<CR>')
    editor:wait_for('the message', [[return messages[1] and messages[1].text:find('stories.ts', 1, true)]])
    editor:wait_for('the status', [[return require('quickback_realtime.status').text():find('blocked')]])
    assert(#editor:messages() == 1, vim.inspect(editor:messages()))
    vim.fn.writefile(vim.split(before, '\n'), stories, 'b')
  end)

  test('files are generated by command', nil, function(editor)
    open(editor)
    vim.fn.delete(Editor.file(HELPER))
    editor:type(':QuickbackRealtimeGenerate<CR>')
    editor:wait_for('the message', [[return messages[1] and messages[1].text:find('realtime.ts', 1, true)]])
    assert(vim.uv.fs_stat(Editor.file(HELPER)) ~= nil)
  end)

  test('inlay hints and code lenses are those of Neovim', nil, function(editor)
    open(editor)
    editor:lua('vim.lsp.inlay_hint.enable(true)')
    editor:wait_for('a hint', [[return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0]])
    -- As the help says for each version.
    editor:lua([[if vim.fn.has('nvim-0.12') == 1 then
      vim.lsp.codelens.enable(true)
    else
      vim.lsp.codelens.refresh({ bufnr = 0 })
      vim.keymap.set('n', 'grx', vim.lsp.codelens.run)
    end]])
    local titles = editor:wait_for(
      'lenses',
      [[local lenses = vim.lsp.codelens.get(vim.fn.has('nvim-0.12') == 1 and { bufnr = 0 } or 0)
      return #lenses > 0 and vim.tbl_map(function(found) return (found.lens or found).command.title end, lenses)]]
    )
    assert(
      vim.iter(titles):any(function(title)
        return title:find('· masked for all but standards: tipsterName ·', 1, true)
      end),
      vim.inspect(titles)
    )
    editor:lua([[vim.ui.select = function(items, _, choose)
      for at, item in ipairs(items) do
        if item.lens.command.title:find('Preview') then return choose(item, at) end
      end
    end]])
    editor:type('/export default<CR>grx')
    editor:wait_for('the preview', 'return #vim.api.nvim_list_wins() == 2')
  end)

  test('the health check says what was found', nil, function(editor)
    open(editor)
    editor:type(':checkhealth quickback_realtime<CR>')
    local text = editor:wait_for(
      'the report',
      [[return vim.bo.filetype == 'checkhealth'
      and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]]
    )
    for _, expected in ipairs({ 'project: ', 'server 0', 'running for ' }) do
      assert(text:find(expected, 1, true), text)
    end
    assert(not text:find('ERROR', 1, true), text)
  end)
end
