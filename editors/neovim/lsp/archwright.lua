-- The configuration of the Archwright language server, in the format of vim.lsp.config (Neovim 0.11 and later).

-- What marks the root of a workspace, the surest first. These are paths below the root, which `root_markers` does not support.
local markers = { 'archwright.toml', 'docs/system/catalog.md', 'docs/features', '.git' }

---@param file string
---@return string?
local function root_of(file)
  for _, marker in ipairs(markers) do
    for folder in vim.fs.parents(file) do
      if vim.uv.fs_stat(vim.fs.joinpath(folder, marker)) then
        return folder
      end
    end
  end
end

---@type vim.lsp.Config
return {
  cmd = { 'archwright', 'lsp' },
  filetypes = { 'markdown', 'yaml', 'yaml.asyncapi', 'json', 'jsonc', 'proto', 'toml' },
  root_dir = function(buffer, on_dir)
    local file = vim.api.nvim_buf_get_name(buffer)
    -- Of all TOML files only the configuration is Archwright's.
    if vim.bo[buffer].filetype ~= 'toml' or vim.fs.basename(file) == 'archwright.toml' then
      -- Without a root the server checks the single file.
      on_dir(root_of(file))
    end
  end,
}
