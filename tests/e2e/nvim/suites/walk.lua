-- The walk of a user, by keys.

local STORIES = 'quickback/features/stories/stories.ts'

return function(test)
  test('a typo gets its diagnostic', nil, function(editor)
    editor:edit(STORIES)
    editor:wait_for_server()
    editor:type([[/enabled: true<CR>/headline<CR>$F'i<BS><Esc>]])
    local found = editor:wait_for('a diagnostic', 'return vim.diagnostic.get(0)[1]')
    assert(found.code == 'unknown-field', vim.inspect(found))
  end)

  test('the preview opens beside the source and follows the typing', nil, function(editor)
    editor:edit(STORIES)
    editor:wait_for_server()
    editor:type('/enabled: true<CR>:QuickbackRealtimePreview<CR>')
    editor:wait_for('a second window', 'return #vim.api.nvim_list_wins() == 2')
  end)
end
