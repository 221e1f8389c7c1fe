-- A Neovim under test: a process of its own, driven by keys over its RPC channel.

local Editor = {}
Editor.__index = Editor

local PATIENCE_MS = 60000

--- The user's init.lua: the plugin on the runtime path, and a list of what is notified.
local INIT = [[
vim.opt.runtimepath:prepend(%q)
vim.o.swapfile = false
messages = {}
vim.notify = function(text, level) table.insert(messages, { text = text, level = level }) end
%s
]]

---@param name string
---@return string
local function env(name)
  return assert(vim.env[name], name .. ' is not set; start this by the script "run"')
end

--- Starts Neovim as a user does, with the plugin on the runtime path.
---@param options { folder: string?, init: string?, path: string? }? the folder to start in, Lua to run as the user's init.lua, the PATH
function Editor.start(options)
  options = options or {}
  local init = vim.fn.tempname() .. '.lua'
  vim.fn.writefile(vim.split(INIT:format(env('PLUGIN'), options.init or ''), '\n'), init)
  local self = setmetatable({}, Editor)
  self.channel = vim.fn.jobstart({ env('NVIM'), '--clean', '--embed', '--headless', '-u', init }, {
    rpc = true,
    cwd = options.folder or Editor.file(''),
    env = { PATH = options.path or (env('WORK') .. '/bin:' .. vim.env.PATH) },
  })
  self:call('nvim_ui_attach', 120, 40, {})
  return self
end

--- A file of the copied project.
---@param name string
---@return string
function Editor.file(name)
  return env('WORK') .. '/newsroom/' .. name
end

--- Calls a function of the editor's API. An editor that waits for a key (a message too long for
--- its line) would not answer: that is an error here.
function Editor:call(method, ...)
  local answers = vim.wait(PATIENCE_MS, function()
    return not vim.rpcrequest(self.channel, 'nvim_get_mode').blocking
  end, 20)
  assert(answers, 'the editor waits for a key, as after an error that is too long for its line')
  return vim.rpcrequest(self.channel, method, ...)
end

--- Runs Lua in the editor, and returns what it returns.
function Editor:lua(code, ...)
  return self:call('nvim_exec_lua', code, { ... })
end

--- Types keys, as a person does.
---@param keys string
function Editor:type(keys)
  self:call('nvim_input', keys)
end

--- Opens a file of the project.
---@param name string
function Editor:edit(name)
  self:lua('vim.cmd.edit(...)', Editor.file(name))
end

--- The result of a piece of Lua in the editor, once it is neither nil nor false.
---@param what string for the failure
---@param code string
function Editor:wait_for(what, code, ...)
  local arguments, value = { ... }, nil
  local ok = vim.wait(PATIENCE_MS, function()
    value = self:call('nvim_exec_lua', code, arguments)
    return value ~= nil and value ~= vim.NIL and value ~= false
  end, 20)
  if not ok then
    error(('waited in vain for this: %s\nmessages: %s'):format(what, vim.inspect(self:messages())), 2)
  end
  return value
end

--- Waits until the server serves the current buffer.
function Editor:wait_for_server()
  self:wait_for(
    'the server is attached',
    [[local client = vim.lsp.get_clients({ bufnr = 0, name = 'quickback_realtime' })[1]
      return client ~= nil and client.initialized]]
  )
end

--- Waits until the server has read the project: it answers for it then.
function Editor:wait_for_project()
  self:wait_for_server()
  self:wait_for(
    'an answer',
    [[return next(vim.lsp.buf_request_sync(0, 'textDocument/codeLens',
    { textDocument = vim.lsp.util.make_text_document_params() }, 60000) or {}) ~= nil]]
  )
end

--- What was notified so far, as text.
---@return string[]
function Editor:messages()
  return vim
    .iter(self:lua('return messages'))
    :map(function(message)
      return message.text
    end)
    :totable()
end

function Editor:stop()
  pcall(vim.rpcnotify, self.channel, 'nvim_command', 'qall!')
  vim.fn.jobwait({ self.channel }, 3000)
  vim.fn.jobstop(self.channel)
end

return Editor
