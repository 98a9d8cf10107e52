-- The commands of the language server.

local M = {}

---@return vim.lsp.Client?
local function client()
  return vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1] or vim.lsp.get_clients({ name = 'archwright' })[1]
end

---The address of the file in the current buffer, which says which workspace is meant; nil if no server reads it.
---@return string?
function M.document()
  local is_read = vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1] ~= nil
  return is_read and vim.uri_from_bufnr(0) or nil
end

---Runs a command and hands the answer to `on_result`. What goes wrong is told.
---@param command string
---@param arguments any[]
---@param on_result fun(result: any)
function M.execute(command, arguments, on_result)
  local it = client()
  if not it then
    vim.notify('Archwright: the language server is not running; open a file of the workspace first.', vim.log.levels.ERROR)
    return
  end
  it:request('workspace/executeCommand', { command = command, arguments = arguments }, function(err, result)
    if err then
      vim.notify('Archwright: ' .. err.message, vim.log.levels.ERROR)
    else
      on_result(result)
    end
  end)
end

---The answer of a command that is quick, or nil. For completion, which cannot wait.
---@param command string
---@param arguments any[]
---@return any
function M.execute_now(command, arguments)
  local it = client()
  local answer = it and it:request_sync('workspace/executeCommand', { command = command, arguments = arguments }, 1000)
  return answer and answer.result
end

return M
