-- Which values of a preview are marked as differing between its receivers.

--- The texts that are marked in views of one event, given as the lines of their JSON.
local MARKED = [[
  local lines, views = {}, {}
  for _, view in ipairs(...) do
    vim.list_extend(lines, view)
    table.insert(views, {})
  end
  local found = require('quickback_realtime.differences').find(lines, { { views = views } })
  return vim.tbl_map(function(value) return value.line .. ': ' .. value.text end, found)
]]

return function(test)
  test('entries of lists are compared by their places in them', nil, function(editor)
    local function marked(...)
      return editor:lua(MARKED, { ... })
    end
    local function view(list, mail)
      return vim.iter({ '{', '  "a": [', list, '  ],', '  "mail": ' .. mail, '}' }):flatten():totable()
    end
    local list = { '    1,', '    [', '      2', '    ],', '    {', '      "b": 3', '    }' }
    assert(vim.deep_equal(marked(view(list, '"x"'), view(list, '"x"')), {}))
    local found = marked(view(list, '"x"'), view(list, '"y"'))
    assert(vim.deep_equal(found, { '10: "x"', '22: "y"' }), vim.inspect(found))
    found = marked(view({ '    1,', '    2' }, '"x"'), view({ '    1,', '    3' }, '"x"'))
    assert(vim.deep_equal(found, { '3: 2', '10: 3' }), vim.inspect(found))
  end)
end
