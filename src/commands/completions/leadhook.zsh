#compdef leadhook
# Completions of leadhook for zsh. They are computed by `leadhook`, which must be in PATH.

_leadhook() {
    local line
    local -a finished continued files folders
    # Each line of the answer begins with its kind. A path has something before it, such as
    # `--config=`; the rest is `value:description`.
    for line in "${(@f)$(
        LEADHOOK_COMPLETE=zsh command leadhook -- $((CURRENT - 1)) \
            "${(@Q)words[1,CURRENT-1]}" "$IPREFIX$PREFIX" "${(@Q)words[CURRENT+1,-1]}" \
            2>/dev/null </dev/null
    )}"; do
        case $line in
            (-*) finished+=("${line#-}") ;;
            (+*) continued+=("${line#+}") ;;
            (f*) files+=("${line#f}") ;;
            (d*) folders+=("${line#d}") ;;
        esac
    done
    local -i failed=1
    (( $#finished )) && _describe -V value finished && failed=0
    (( $#continued )) && _describe -V value continued -S '' && failed=0
    for line in "${files[@]}"; do
        compset -P "${(b)line}"
        _files && failed=0
    done
    for line in "${folders[@]}"; do
        compset -P "${(b)line}"
        _files -/ && failed=0
    done
    return failed
}

# zsh either loads this file as the function itself, from a folder of $fpath, or runs it.
if [[ ${funcstack[1]} == _leadhook ]]; then
    _leadhook "$@"
else
    compdef _leadhook leadhook
fi
