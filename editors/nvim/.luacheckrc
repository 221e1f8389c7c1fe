std = "luajit"
read_globals = { "vim" }
-- Options and variables of Neovim are written through its tables.
globals = { "vim.g", "vim.b", "vim.bo", "vim.wo" }
max_line_length = false
