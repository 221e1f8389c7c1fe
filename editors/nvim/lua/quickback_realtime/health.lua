-- :checkhealth quickback_realtime

local M = {}

local health = vim.health

---@param path string
---@return string? version
local function version_of(path)
  local ok, result = pcall(function()
    return vim.system({ path, '--version' }, { timeout = 10000 }):wait()
  end)
  return ok and result.code == 0 and result.stdout:match('^quickback%-realtime (%S+)') or nil
end

---@param root string?
local function check_server(root)
  local server = require('quickback_realtime.server')
  local path, origin = server.find(root)
  if not path or vim.fn.executable(path) == 0 then
    health.error(path and path .. ' cannot be executed' or 'no server was found', {
      'Install `quickback-realtime` into the project or into your PATH.',
      "Or name it: vim.lsp.config('quickback_realtime', { cmd = { '/path/to/quickback-realtime', 'lsp' } })",
    })
    return
  end
  local version = version_of(path)
  if version == server.VERSION then
    health.ok(('server %s: %s, from %s'):format(version, path, origin))
  else
    health.warn(
      ('%s, from %s, is version %s; this plugin is %s'):format(
        path,
        origin,
        version or 'unknown',
        server.VERSION
      ),
      { 'Use the server and the plugin of one release.' }
    )
  end
end

local function check_client()
  local clients = vim.lsp.get_clients({ name = 'quickback_realtime' })
  if #clients == 0 then
    health.info('no server is running; one starts with the first file of a project')
    return
  end
  for _, client in ipairs(clients) do
    health.ok(
      ('running for %s, %d buffer(s)'):format(client.root_dir, vim.tbl_count(client.attached_buffers))
    )
    local answer = client:request_sync(
      'workspace/executeCommand',
      { command = 'quickbackRealtime.doctor', arguments = {} },
      5000
    )
    if answer and type(answer.result) == 'string' then
      health.info(answer.result)
    end
  end
end

function M.check()
  health.start('quickback_realtime')
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok('Neovim ' .. tostring(vim.version()))
  else
    health.error('Neovim 0.11 or newer is needed')
    return
  end
  -- The health report itself is the current buffer, so the one before it is meant.
  local file = vim.api.nvim_buf_get_name(vim.fn.bufnr('#') > 0 and vim.fn.bufnr('#') or 0)
  local root = require('quickback_realtime.project').root(file)
    or require('quickback_realtime.project').root(vim.fs.joinpath(vim.uv.cwd(), 'file'))
  if root then
    health.ok('project: ' .. root)
  else
    health.info('no Quickback project here: no quickback.config.ts above ' .. vim.uv.cwd())
  end
  check_server(root)
  check_client()
end

return M
