complete --keep-order --exclusive --command leadhook --arguments "(LEADHOOK_COMPLETE=fish leadhook -- (commandline --current-process --tokenize --cut-at-cursor) (commandline --current-token))"
