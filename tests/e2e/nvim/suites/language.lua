-- What Neovim does by itself with any server, asked for by its own keys.

local TIPS = 'quickback/features/tips/tips.ts'
local TRIAGE = 'quickback/features/tips/handlers/triage.ts'
local ALERTS = 'quickback/services/realtime/alerts.ts'

return function(test, Editor)
  local function open(editor, name)
    editor:edit(name)
    editor:wait_for_project()
  end

  test('K explains a column, with the event', nil, function(editor)
    open(editor, TIPS)
    editor:type([[/'tipsterEmail',<CR>lK]])
    editor:wait_for(
      'the explanation',
      [[for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= '' then
          local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
          return table.concat(lines, '\n'):find('Masked as `email`, plain for standards, editor', 1, true)
        end
      end]]
    )
  end)

  test('CTRL-] goes from a call to its table', nil, function(editor)
    open(editor, TRIAGE)
    editor:type([[/update('tips'<CR>f'l<C-]>]])
    editor:wait_for('the table', [[return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'tips.ts']])
  end)

  test('grr lists the calls of an event, and grn renames it everywhere', nil, function(editor)
    open(editor, ALERTS)
    editor:type([[/'new'<CR>lgrr]])
    local files = editor:wait_for(
      'the list of places',
      [[local items = vim.fn.getqflist()
      return #items > 1 and vim.tbl_map(function(item) return vim.fn.bufname(item.bufnr) end, items)]]
    )
    assert(
      vim.iter(files):any(function(file)
        return vim.endswith(file, TRIAGE)
      end),
      vim.inspect(files)
    )
    editor:edit(ALERTS)
    editor:lua([[vim.ui.input = function(options, answer) asked = options.default answer('fresh') end]])
    editor:type([[gg/'new'<CR>lgrn]])
    editor:wait_for(
      'the new name in both files',
      [[local function text(name)
        return table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr(name), 0, -1, false), '\n')
      end
      return text(select(1, ...)):find("'fresh'", 1, true) and text(select(2, ...)):find('alerts.fresh(', 1, true)]],
      Editor.file(ALERTS),
      Editor.file(TRIAGE)
    )
    assert(editor:lua('return asked') == 'new')
    local messages = editor:messages()
    assert(#messages == 1 and messages[1]:find('Subscribers listen to the name'), vim.inspect(messages))
  end)

  test('what is typed into a file of JSX counts before it is saved', nil, function(editor)
    open(editor, TIPS)
    editor:edit('src/card.jsx')
    editor:wait_for_server()
    editor:lua(
      'vim.api.nvim_buf_set_lines(0, 0, -1, true, { ... })',
      "import { createRealtime } from './lib/realtime';",
      "export const go = (env) => createRealtime(env).update('tipps', {});"
    )
    editor:wait_for('the finding', 'return vim.diagnostic.get(0)[1]')
  end)

  test('all safe fixes are made before the file is written, as the help says', {
    init = [[vim.api.nvim_create_autocmd('BufWritePre', {
      pattern = '*.ts',
      callback = function(event) require('quickback_realtime.fix').all(event.buf) end,
    })
    vim.lsp.config('quickback_realtime', { init_options = { generateOnSave = false } })]],
  }, function(editor)
    local before = vim.fn.readblob(Editor.file(TIPS))
    open(editor, TIPS)
    editor:type([[/^ *'triage',<CR>yyppp]])
    editor:wait_for('the findings', 'return #vim.diagnostic.get(0) >= 3')
    editor:type(':write<CR>')
    editor:wait_for('the written file', 'return not vim.bo.modified')
    assert(vim.fn.readblob(Editor.file(TIPS)) == before, vim.fn.readblob(Editor.file(TIPS)))
  end)
end
