-- A user's way through three documents in Neovim: from identifiers, teams, terms and patterns to what defines them and back,
-- and their new names.
-- Reads task.json from the folder that ARCHWRIGHT_E2E names, and writes result.json beside it.

local folder = vim.env.ARCHWRIGHT_E2E
local task = vim.json.decode(vim.fn.readblob(folder .. '/task.json'))

local function wait_for(what, condition)
  local found
  vim.wait(20000, function()
    found = condition()
    return found
  end, 20)
  return found or error('timed out waiting for ' .. what)
end

-- Opens a document and puts the cursor on a text.
local function go(file, text)
  vim.cmd.edit(file)
  wait_for('the server to attach', function()
    return vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1]
  end)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  if vim.fn.search([[\V\C]] .. text, 'W') == 0 then
    error(text .. ' is not in ' .. file)
  end
end

local function hover()
  vim.lsp.buf.hover()
  local window = wait_for('the hover', function()
    return vim.iter(vim.api.nvim_list_wins()):find(function(it)
      return vim.api.nvim_win_get_config(it).relative ~= ''
    end)
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  vim.api.nvim_win_close(window, true)
  return text
end

-- The places that a request of the client leads to, as `file:line`.
local function places(what, request)
  local found
  request(function(list)
    found = list.items
  end)
  wait_for(what, function()
    return found
  end)
  return vim.iter(found)
    :map(function(it)
      return vim.fs.basename(it.filename) .. ':' .. it.lnum
    end)
    :totable()
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 20000)
  local _, answer = next(answers or {})
  return answer and answer.result or error('no answer to ' .. method)
end

local function session()
  local result = { names = {} }
  for _, it in ipairs(task.names) do
    go(it.file, it.text)
    local seen = { hover = hover() }
    if it.defined then
      seen.definition = places('the definition', function(on_list)
        vim.lsp.buf.definition({ on_list = on_list })
      end)
    end
    seen.references = places('the references', function(on_list)
      vim.lsp.buf.references(nil, { on_list = on_list })
    end)
    if it.rename then
      vim.lsp.buf.rename(it.rename)
      wait_for('the new name ' .. it.rename, function()
        return vim.fn.search([[\V\C]] .. it.rename, 'nw') ~= 0
      end)
      vim.cmd.wall()
    end
    result.names[it.text] = seen
  end

  -- The card of a pattern is a page that lies in no file.
  go(task.design, 'Transactional')
  vim.lsp.buf.definition()
  wait_for('the card', function()
    return vim.startswith(vim.api.nvim_buf_get_name(0), 'archwright:/card/')
  end)
  result.card = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')

  vim.cmd.edit(task.design)
  local lenses = ask('textDocument/codeLens', { textDocument = { uri = vim.uri_from_bufnr(0) } })
  result.lenses = vim.iter(lenses):map(function(it) return it.command.title end):totable()

  -- An owner is being written, in a field that triggers it and in a sentence where somebody asks.
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { '', '- **Owner**: ', '', 'It is run by team-' })
  local function offered(line, kind)
    vim.api.nvim_win_set_cursor(0, { line, 0 })
    vim.cmd.normal('$')
    local client = vim.lsp.get_clients({ name = 'archwright', bufnr = 0 })[1]
    local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
    params.position.character = #vim.api.nvim_get_current_line()
    params.context = { triggerKind = kind, triggerCharacter = kind == 2 and ' ' or nil }
    return vim.iter(ask('textDocument/completion', params).items):map(function(it) return it.label end):totable()
  end
  local last = vim.api.nvim_buf_line_count(0)
  result.field = offered(last - 2, 2)
  result.typed = offered(last, 2)
  result.asked = offered(last, 1)
  return result
end

local ok, result = xpcall(session, debug.traceback)
if not ok then
  result = { error = result, messages = vim.fn.execute('messages') }
end
vim.fn.writefile({ vim.json.encode(result) }, folder .. '/result.json')
vim.cmd.quitall({ bang = true })
