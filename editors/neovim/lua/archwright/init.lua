-- The command :Archwright. The server's table of operations says what there is, what to ask for and what can be completed.

local server = require('archwright.server')
local view = require('archwright.view')

local M = {}

-- What the last operation reported.
local last_report

---@class archwright.Argument
---@field name string
---@field ask string
---@field example string
---@field optional boolean
---@field list boolean
---@field offered boolean

---@class archwright.Parameter
---@field name string
---@field about string
---@field list boolean
---@field type 'string'|'integer'|'boolean'

---@class archwright.Operation
---@field name string
---@field title string
---@field about string
---@field command string
---@field writes boolean
---@field arguments archwright.Argument[]
---@field parameters archwright.Parameter[]

---@param number integer
---@param what string
---@return string
local function counted(number, what)
  return ('%d %s%s'):format(number, what, number == 1 and '' or 's')
end

---Says what was done. Said after what Neovim itself says of an edit, or it would not be seen.
---@param message string
local function tell(message)
  vim.defer_fn(function()
    vim.notify('Archwright: ' .. message)
  end, 300)
end

---@param operation archwright.Operation
---@param plan table
local function tell_plan(operation, plan)
  last_report = plan.report
  local changed = vim.tbl_filter(function(it)
    return it.state ~= 'unchanged'
  end, plan.files)
  local said = #changed == 0 and 'the files say all of it already.'
    or counted(#changed, 'file') .. ' changed; :wall writes what is changed.'
  local left = {}
  for what, list in vim.spairs({ question = plan.questions, problem = plan.findings, remark = plan.notes or {} }) do
    if #list > 0 then
      table.insert(left, counted(#list, what))
    end
  end
  if #left > 0 then
    said = ('%s Left: %s; :Archwright report shows them.'):format(said, table.concat(left, ', '))
  end
  tell(('%s: %s'):format(operation.title, said))
end

---The files of a plan that are there and would change.
---@param plan table
---@return table[]
local function changed_texts(plan)
  return vim.tbl_filter(function(it)
    return it.before ~= vim.NIL and it.before ~= it.after
  end, plan.preview or {})
end

---Plans an operation, shows what it would change in files that are there, and carries it out if that is agreed.
---@param operation archwright.Operation
---@param request table
local function carry_out(operation, request)
  -- An empty table would be an empty list.
  request = next(request) and request or vim.empty_dict()
  local place = server.document() or vim.NIL
  local function plan(preview, on_plan)
    server.execute(operation.command, { request, place, { preview = preview } }, on_plan)
  end
  local function apply()
    plan(false, function(done)
      tell_plan(operation, done)
    end)
  end
  local function consider(planned)
    if planned.declined then
      local why = { 'Archwright: not due.', planned.declined.reason }
      table.insert(why, planned.declined.question)
      table.insert(why, (':Archwright! %s … does it all the same.'):format(operation.name))
      vim.notify(table.concat(why, ' '), vim.log.levels.WARN)
    elseif not operation.writes then
      last_report = planned.report
      view.page(planned.report)
    elseif #changed_texts(planned) == 0 then
      apply()
    else
      view.agree(operation.title, planned.preview, function()
        -- The files may have changed meanwhile.
        plan(true, function(now)
          if vim.deep_equal(now.preview, planned.preview) then
            apply()
          else
            vim.notify('Archwright: the files have changed meanwhile; look at the plan again.', vim.log.levels.WARN)
            consider(now)
          end
        end)
      end)
    end
  end
  plan(true, consider)
end

---Asks for the arguments that are not given, one after the other.
---@param operation archwright.Operation
---@param request table
---@param on_request fun(request: table)
local function ask(operation, request, on_request)
  local missing
  for _, argument in ipairs(operation.arguments) do
    if request[argument.name] == nil and not argument.optional then
      missing = argument
      break
    end
  end
  if not missing then
    on_request(request)
    return
  end
  local function take(value, with)
    if value and value ~= '' then
      ask(operation, vim.tbl_extend('keep', { [missing.name] = value }, request, with or {}), on_request)
    end
  end
  local function input()
    vim.ui.input({ prompt = ('%s (such as %s): '):format(missing.ask, missing.example) }, take)
  end
  if not missing.offered then
    input()
    return
  end
  server.execute('archwright.offers', { { operation = operation.name, argument = missing.name }, server.document() }, function(offers)
    if #offers == 0 then
      input()
      return
    end
    vim.ui.select(offers, {
      prompt = missing.ask,
      format_item = function(it)
        return it.about == it.value and it.value or ('%s  (%s)'):format(it.value, it.about)
      end,
    }, function(chosen)
      if chosen then
        take(chosen.value, chosen.with)
      end
    end)
  end)
end

---What stands behind `name=`, as the field takes it. What is no number, and neither true nor false, the server refuses.
---@param option archwright.Parameter
---@param written string
local function value_of(option, written)
  if option.list then
    return vim.split(written, ',')
  elseif option.type == 'integer' then
    return tonumber(written) or written
  elseif option.type == 'boolean' and (written == 'true' or written == 'false') then
    return written == 'true'
  end
  return written
end

---The request that the words of a command make: `name=value` anywhere, the others by their places. The last place takes
---the rest of the line, word by word where it is a list.
---@param operation archwright.Operation
---@param text string
---@return table
local function request_of(operation, text)
  local request, rest = {}, {}
  local names = {}
  for _, option in ipairs(operation.parameters) do
    names[option.name] = option
  end
  for word in text:gmatch('%S+') do
    local name, value = word:match('^([%w_]+)=(.+)$')
    if name and names[name] then
      request[name] = value_of(names[name], value)
    else
      table.insert(rest, word)
    end
  end
  local places = vim.tbl_filter(function(it)
    return request[it.name] == nil
  end, operation.arguments)
  for at, argument in ipairs(places) do
    if #rest == 0 then
      break
    end
    if argument.list then
      request[argument.name] = rest
      break
    elseif at == #places then
      request[argument.name] = table.concat(rest, ' ')
    else
      request[argument.name] = table.remove(rest, 1)
    end
  end
  return request
end

---@param text string
---@param force boolean
local function run_operation(name, text, force)
  server.execute('archwright.operations', { server.document() }, function(operations)
    local function start(operation)
      ask(operation, request_of(operation, text), function(request)
        request.force = force or request.force
        carry_out(operation, request)
      end)
    end
    if name == nil then
      vim.ui.select(operations, {
        prompt = 'Archwright',
        format_item = function(it)
          return it.title
        end,
      }, function(chosen)
        if chosen then
          start(chosen)
        end
      end)
      return
    end
    for _, operation in ipairs(operations) do
      if operation.name == name then
        start(operation)
        return
      end
    end
    vim.notify(('Archwright: there is no operation %q; :Archwright <Tab> shows all.'):format(name), vim.log.levels.ERROR)
  end)
end

-- What :Archwright knows beside the operations.
local others = {
  explain = function(text)
    if text == '' then
      vim.notify('Usage: :Archwright explain {rule, pattern or checklist}', vim.log.levels.ERROR)
      return
    end
    server.execute('archwright.explain', { { name = text } }, view.float)
  end,
  report = function()
    if last_report then
      view.page(last_report)
    else
      vim.notify('Archwright: no operation was carried out yet.')
    end
  end,
  status = function()
    server.execute('archwright.status', {}, function(status)
      local lines = { ('# Archwright %s'):format(status.version) }
      for _, it in ipairs(status.workspaces) do
        local configuration = 'No `archwright.toml`; the defaults hold.'
        if it.configuration ~= vim.NIL then
          local problems = it.configurationProblems
          configuration = ('`archwright.toml`: %s.'):format(problems == 0 and 'in order' or counted(problems, 'problem'))
        end
        vim.list_extend(lines, {
          '',
          ('`%s`'):format(it.root),
          '',
          it.recognised,
          ('%s, %s, %s in %s.'):format(
            counted(it.errors, 'error'),
            counted(it.warnings, 'warning'),
            counted(it.infos, 'remark'),
            counted(it.files, 'file')
          ),
          configuration,
        })
      end
      view.float(table.concat(lines, '\n'))
    end)
  end,
}

---Runs the command.
---@param arguments string
---@param force boolean
function M.run(arguments, force)
  local name, rest = vim.trim(arguments):match('^(%S+)%s*(.*)$')
  if name and others[name] then
    others[name](rest)
  else
    run_operation(name, rest or '', force)
  end
end

---@param offers string[]
---@param lead string
---@return string[]
local function starting_with(offers, lead)
  return vim.tbl_filter(function(it)
    return vim.startswith(it, lead)
  end, offers)
end

---Fills a buffer with the card that its address names: `archwright:/card/transactional-outbox.md`.
---@param buffer integer
---@param address string
function M.open_card(buffer, address)
  local name = address:match('^archwright:/card/(.-)%.md$')
  local page = name and server.execute_now('archwright.explain', { name }) or 'There is no such card.'
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(page, '\n', { trimempty = true }))
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
  vim.bo[buffer].buftype = 'nofile'
  vim.bo[buffer].filetype = 'markdown'
end

---What can stand at the cursor of the command line.
---@param lead string The word at the cursor, as far as it is written.
---@param line string The line up to the cursor.
---@return string[]
function M.complete(lead, line)
  local name, rest = line:match('^%s*%S*Archwright!?%s+(%S+)%s+(.*)$')
  local operations = server.execute_now('archwright.operations', { server.document() }) or {}
  if not name then
    local names = vim.tbl_map(function(it)
      return it.name
    end, operations)
    return starting_with(vim.list_extend(names, vim.tbl_keys(others)), lead)
  end
  for _, operation in ipairs(operations) do
    if operation.name == name then
      local before = request_of(operation, rest:sub(1, #rest - #lead))
      local offers = {}
      local is_next = true
      for _, argument in ipairs(operation.arguments) do
        local is_list = argument.list and before[argument.name] ~= nil
        if is_next and argument.offered and (before[argument.name] == nil or is_list) then
          local asked = { operation = name, argument = argument.name }
          for _, offer in ipairs(server.execute_now('archwright.offers', { asked, server.document() }) or {}) do
            table.insert(offers, offer.value)
          end
        end
        is_next = is_next and before[argument.name] ~= nil and not argument.list
      end
      for _, option in ipairs(operation.parameters) do
        if before[option.name] == nil then
          table.insert(offers, option.name .. '=')
        end
      end
      return starting_with(offers, lead)
    end
  end
  return {}
end

return M
