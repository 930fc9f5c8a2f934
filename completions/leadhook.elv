
set edit:completion:arg-completer[leadhook] = { |@words|
    var index = (count $words)
    set index = (- $index 1)

    put (env _CLAP_IFS="\n" _CLAP_COMPLETE_INDEX=(to-string $index) LEADHOOK_COMPLETE="elvish" leadhook -- $@words) | to-lines
}

