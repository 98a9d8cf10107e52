-- The configuration of the Archwright language server, in the format of vim.lsp.config (Neovim 0.11 and later).

-- What marks the root of a workspace, the surest first. These are paths below the root, which `root_markers` does not support.
local markers = { 'archwright.toml', 'docs/system/catalog.md', 'docs/features', 'docs/system' }

-- Code in which channels are found. Most code lies in no workspace of Archwright's, so it starts no server by itself.
local code = {
  javascript = true,
  javascriptreact = true,
  typescript = true,
  typescriptreact = true,
  python = true,
  java = true,
  kotlin = true,
  go = true,
  cs = true,
  ruby = true,
  php = true,
  rust = true,
}

---@param file string
---@param marks string[]
---@return string?
local function root_of(file, marks)
  for _, marker in ipairs(marks) do
    for folder in vim.fs.parents(file) do
      if vim.uv.fs_stat(vim.fs.joinpath(folder, marker)) then
        return folder
      end
    end
  end
end

-- The root of a running server that reads the file already.
---@param file string
---@return string?
local function served_root_of(file)
  for _, client in ipairs(vim.lsp.get_clients({ name = 'archwright' })) do
    if client.root_dir and vim.fs.relpath(client.root_dir, file) then
      return client.root_dir
    end
  end
end

---@type vim.lsp.Config
return {
  cmd = { 'archwright', 'lsp' },
  -- The plugin opens the pages of cards.
  init_options = { pages = true },
  filetypes = vim.list_extend(vim.tbl_keys(code), { 'markdown', 'yaml', 'yaml.asyncapi', 'json', 'jsonc', 'proto', 'toml' }),
  root_dir = function(buffer, on_dir)
    local file = vim.api.nvim_buf_get_name(buffer)
    local filetype = vim.bo[buffer].filetype
    if code[filetype] then
      local root = root_of(file, markers) or served_root_of(file)
      if root then
        on_dir(root)
      end
    -- Of all TOML files only the configuration is Archwright's.
    elseif filetype ~= 'toml' or vim.fs.basename(file) == 'archwright.toml' then
      -- Without a root the server checks the single file.
      on_dir(root_of(file, markers) or root_of(file, { '.git' }))
    end
  end,
}
