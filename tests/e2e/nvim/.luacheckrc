std = "luajit"
read_globals = { "vim" }
max_line_length = false
