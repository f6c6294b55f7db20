// Small scripts that ask the program itself, so that they never lag behind it.

const bash = `# mainstay completion for bash
_mainstay() {
  local IFS=$'\\n'
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=($(mainstay __complete -- "\${words[@]}" 2>/dev/null))
  if [[ \${#COMPREPLY[@]} -eq 0 ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
  fi
}
complete -F _mainstay mainstay
`

const zsh = `#compdef mainstay
# mainstay completion for zsh
_mainstay() {
  local -a candidates
  candidates=("\${(@f)$(mainstay __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then
    compadd -- "\${candidates[@]}"
  else
    _files
  fi
}
if [ "\${funcstack[1]}" = "_mainstay" ]; then _mainstay; else compdef _mainstay mainstay; fi
`

const fish = `# mainstay completion for fish
function __mainstay_complete
  set -l words (commandline -opc) (commandline -ct)
  mainstay __complete -- $words[2..-1] 2>/dev/null
end
complete -c mainstay -a '(__mainstay_complete)'
`

export const completionScripts: Readonly<Record<string, string>> = { bash, zsh, fish }
