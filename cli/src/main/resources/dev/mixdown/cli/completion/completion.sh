# Completion of mixdown in bash and zsh:  source <(mixdown completion)
if [ -n "${ZSH_VERSION:-}" ]; then
  autoload -U +X compinit && compinit -u
  autoload -U +X bashcompinit && bashcompinit
fi

# The commands below a command.
_mixdown_commands() {
  case "$1" in
@COMMANDS@
  esac
}

# The options of a command.
_mixdown_options() {
  case "$1" in
@OPTIONS@
  esac
}

# What an option takes, or a command's arguments: words, @files, or names that mixdown looks up.
_mixdown_takes() {
  case "$1" in
@TAKES@
  esac
}

# Names in a release repository. Starting mixdown takes half a second, so they are kept as long as the files' times are
# the same.
_mixdown_names() {
  local repo="$3" folder key file
  folder="${XDG_CACHE_HOME:-$HOME/.cache}/mixdown/completion"
  key="$( (cd "$repo" 2>/dev/null && pwd && ls -ld stage_config.yaml training_dataset*.json stages stages/* stages/*/* recipes recipes/*.y*ml 2>/dev/null) | cksum | tr ' ' -)"
  file="$folder/$2-$key"
  if [ ! -e "$file" ]; then
    mkdir -p "$folder" 2>/dev/null || return
    "$1" complete "$2" --repo "$repo" >"$file.$$" 2>/dev/null && mv "$file.$$" "$file" || { rm -f "$file.$$"; return; }
  fi
  cat "$file"
}

_mixdown() {
  local cur prev path="" repo="." i word takes words
  cur="${COMP_WORDS[COMP_CWORD]}"
  prev="${COMP_WORDS[COMP_CWORD - 1]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    if [ "$word" = --repo ]; then
      repo="${COMP_WORDS[i + 1]}"
      repo="${repo/#\~/$HOME}"
    elif [[ " $(_mixdown_commands "$path") " == *" $word "* ]]; then
      path="${path:+$path }$word"
    fi
  done
  COMPREPLY=()
  takes=""
  [[ "$prev" == -* ]] && takes="$(_mixdown_takes "$path $prev")"
  if [ -z "$takes" ]; then
    if [[ "$cur" == -* ]]; then
      words="$(_mixdown_options "$path")"
      takes="$words"
    else
      takes="$(_mixdown_commands "$path") $(_mixdown_takes "$path")"
    fi
  fi
  for word in $takes; do
    case "$word" in
      @files)
        while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen -f -- "$cur")
        type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
        ;;
      @*)
        while IFS= read -r i; do
          [[ "$i" == "$cur"* ]] && COMPREPLY+=("$i")
        done < <(_mixdown_names "${COMP_WORDS[0]}" "${word#@}" "$repo")
        ;;
      *) [[ "$word" == "$cur"* ]] && COMPREPLY+=("$word") ;;
    esac
  done
  return 0
}

complete -F _mixdown mixdown ./mixdown
