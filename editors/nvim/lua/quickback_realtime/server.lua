-- The server: found, started, and started again when it crashes. Each failure is said once, as a
-- sentence with a way out.

local M = {}

local NAME = 'quickback-realtime'
local CLIENT = 'quickback_realtime'
--- The version of this plugin, which the server should share.
M.VERSION = '0.1.0'

local CRASHES_TOLERATED = 4
local CRASH_WINDOW_MS = 3 * 60 * 1000
local crashes = {} ---@type integer[]

---@param message string
---@param level integer
local function say(message, level)
  vim.schedule(function()
    vim.notify('Quickback Realtime: ' .. message, level)
  end)
end

--- The server to run for a project, and where it comes from: the command that the user configured,
--- the project's `node_modules/.bin`, or the one in `PATH`.
---@param root string?
---@return string? path
---@return string origin why this one, or what was looked for
function M.find(root)
  local configured = vim.lsp.config[CLIENT].cmd
  if type(configured) == 'table' then
    return configured[1], "the `cmd` of vim.lsp.config('quickback_realtime')"
  end
  for dir in vim.fs.parents(vim.fs.joinpath(root or vim.uv.cwd(), 'file')) do
    local bin = vim.fs.joinpath(dir, 'node_modules', '.bin', NAME)
    if vim.fn.executable(bin) == 1 then
      return bin, 'the node_modules of ' .. dir
    end
  end
  local bin = vim.fn.exepath(NAME)
  return bin ~= '' and bin or nil, 'your PATH'
end

--- Whether there is a server to start for a project. If not, says so once.
---@param root string
---@return boolean
function M.check(root)
  local path, origin = M.find(root)
  local problem
  if not path then
    problem = ('no server was found. Install `%s` into the project or into your PATH, or name it with vim.lsp.config(%q, { cmd = { … } }).'):format(
      NAME,
      CLIENT
    )
  elseif vim.fn.executable(path) == 0 then
    local what = vim.uv.fs_stat(path) and 'may not be executed' or 'does not exist'
    problem = ('the server %s (from %s) %s. Correct it, and open the file again.'):format(path, origin, what)
  end
  if problem then
    vim.schedule(function()
      vim.notify_once('Quickback Realtime: ' .. problem, vim.log.levels.ERROR)
    end)
  end
  return problem == nil
end

--- Whether a server ended as it was asked to: 15 is the signal of a stop.
---@param code integer
---@param signal integer
---@return boolean
local function ended_in_order(code, signal)
  return (code == 0 and signal == 0) or signal == 15 or vim.v.exiting ~= vim.NIL
end

--- Notes a crash, and starts the server again for every buffer that it served.
---@param code integer
---@param signal integer
---@param is_told boolean whether the user has been told of it
local function on_crash(code, signal, is_told)
  local now = vim.uv.now()
  crashes = vim
    .iter(crashes)
    :filter(function(time)
      return now - time < CRASH_WINDOW_MS
    end)
    :totable()
  table.insert(crashes, now)
  if #crashes > CRASHES_TOLERATED then
    say(
      ('the server stopped %d times in three minutes and was not started again. :checkhealth quickback_realtime says more.'):format(
        #crashes
      ),
      vim.log.levels.ERROR
    )
    return
  end
  if #crashes == 1 and not is_told then
    say(
      ('the server stopped unexpectedly (exit code %d, signal %d) and was started again. Nothing is lost.'):format(
        code,
        signal
      ),
      vim.log.levels.WARN
    )
  end
  vim.schedule(function()
    if vim.lsp.is_enabled == nil or vim.lsp.is_enabled(CLIENT) then
      vim.lsp.enable(CLIENT)
    end
  end)
end

--- Starts the server, as the `cmd` of a client configuration.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@param root string?
---@return vim.lsp.rpc.PublicClient
function M.start(dispatchers, root)
  local path = assert(M.find(root), NAME .. ' was not found')
  local on_exit = dispatchers.on_exit
  local watched = vim.tbl_extend('force', dispatchers, {
    on_exit = function(code, signal)
      if ended_in_order(code, signal) then
        return on_exit(code, signal)
      end
      -- Neovim is told of an ordinary end, since we say ourselves what happened, and once.
      on_exit(0, 0)
      on_crash(code, signal, false)
    end,
  })
  return vim.lsp.rpc.start({ path, 'lsp' }, watched, { cwd = root })
end

--- Starts a server again that the user has named and that Neovim itself has started: the
--- `on_exit` of a client configuration. Neovim has told of its end.
---@param code integer
---@param signal integer
function M.on_exit(code, signal)
  if not ended_in_order(code, signal) then
    on_crash(code, signal, true)
  end
end

--- Says so when the server is of another version than this plugin. Before 1.0 the second number
--- counts as the first does after it.
---@param client vim.lsp.Client
function M.check_version(client)
  local theirs = (client.server_info or {}).version
  local function significant(version)
    local major, minor = version:match('^(%d+)%.(%d+)')
    return major == '0' and minor or major
  end
  if theirs and significant(theirs) ~= significant(M.VERSION) then
    vim.notify_once(
      ('Quickback Realtime: the server is version %s and the plugin %s. Some of what is shown may be missing or wrong until both are of the same version.'):format(
        theirs,
        M.VERSION
      ),
      vim.log.levels.WARN
    )
  end
end

return M
