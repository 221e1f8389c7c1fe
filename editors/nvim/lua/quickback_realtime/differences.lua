-- Which values of a preview differ between the views of one event. The views stand one under the
-- other, so without a mark a reader would have to compare them by eye.

local M = {}

---@class quickback_realtime.Value
---@field path string the keys that lead to it, the last one included
---@field text string
---@field line integer from 0
---@field first integer the byte where it begins
---@field last integer the byte after it

--- Reads `  "key": value,` or `  value,`, and keeps what leads to the next line.
---@param text string
---@param line integer
---@param keys string[] the keys that lead to the line
---@param items integer[] at each depth, how many entries the object or list has had so far
---@return quickback_realtime.Value?
local function read_value(text, line, keys, items)
  local indent, rest = text:match('^( *)(.*)$')
  local key, after = rest:match('^(".-[^\\]"): ()')
  after = after or 1
  local value = rest:sub(after):gsub(',$', '')
  if value:match('^[}%]]') then
    return nil
  end
  local depth = #indent / 2
  for at = #keys, depth, -1 do
    keys[at] = nil
  end
  for at = #items, depth + 1, -1 do
    items[at] = nil
  end
  items[depth] = (items[depth] or 0) + 1
  -- A key stands in quotes, so that none is called like an item.
  keys[depth] = key or 'item ' .. items[depth]
  local first = #indent + after - 1
  return { path = table.concat(keys, '\0'), text = value, line = line, first = first, last = first + #value }
end

---@param lines string[]
---@return quickback_realtime.Value[][]
local function find_objects(lines)
  local objects, values, keys, items = {}, nil, {}, {}
  for line, text in ipairs(lines) do
    if text == '{' then
      values, keys, items = {}, {}, {}
    elseif text == '}' and values then
      table.insert(objects, values)
      values = nil
    elseif values then
      table.insert(values, read_value(text, line - 1, keys, items))
    end
  end
  return objects
end

--- The values that at least two views of the same event have differently. The lines must hold the
--- JSON of each view, in order, indented, from a line `{` to a line `}`.
---@param lines string[]
---@param events { views: table[] }[]
---@return quickback_realtime.Value[]
function M.find(lines, events)
  local objects, at, found = find_objects(lines), 0, {}
  for _, event in ipairs(events) do
    local views = vim.list_slice(objects, at + 1, at + #event.views)
    at = at + #event.views
    local values = {} ---@type quickback_realtime.Value[]
    for _, view in ipairs(views) do
      vim.list_extend(values, view)
    end
    local texts = {} ---@type table<string, string[]>
    for _, value in ipairs(values) do
      texts[value.path] = texts[value.path] or {}
      table.insert(texts[value.path], value.text)
    end
    for _, value in ipairs(values) do
      local everywhere = #texts[value.path] == #views
      local same = vim.iter(texts[value.path]):all(function(text)
        return text == value.text
      end)
      if not (everywhere and same) then
        table.insert(found, value)
      end
    end
  end
  return at == #objects and found or {}
end

return M
