# Completions of leadhook for bash. They are computed by `leadhook`, which must be in PATH.

_leadhook() {
    local IFS=$'\n'
    local -a reply
    # bash has split the words at `:` and `=` already, so leadhook splits the line again. It returns
    # the kind of its answer, then only the part of each candidate that bash replaces.
    reply=($(
        LEADHOOK_COMPLETE=bash command leadhook -- "$COMP_WORDBREAKS" \
            "${COMP_LINE:0:COMP_POINT}" "${COMP_LINE:COMP_POINT}" 2>/dev/null </dev/null
    ))
    COMPREPLY=()
    if ((${#reply[@]} > 1)); then
        COMPREPLY=("${reply[@]:1}")
    fi
    # bash 3.2 has no `compopt`: there, file names are offered wherever nothing else is.
    if ((BASH_VERSINFO[0] >= 4)); then
        case ${reply[0]-} in
            nospace) compopt -o nospace ;;
            files) compopt -o default ;;
            folders) compopt -o dirnames ;;
        esac 2>/dev/null
    fi
}

if ((BASH_VERSINFO[0] > 4 || BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4)); then
    complete -o nosort -F _leadhook leadhook
elif ((BASH_VERSINFO[0] == 4)); then
    complete -F _leadhook leadhook
else
    complete -o default -F _leadhook leadhook
fi
