#include "man/completion.hpp"

#include <vector>

namespace manual {
namespace {

using verbs::OptionRow;
using verbs::Verb;

/// A verb with its whole name, "profile show".
struct Flat {
    std::string name;
    const Verb* verb;
};

void flatten(std::span<const Verb> all, const std::string& before, std::vector<Flat>& flat) {
    for (const Verb& verb : all) {
        flat.push_back({before + std::string(verb.name), &verb});
        if (verb.verbs) flatten(verb.verbs(), flat.back().name + " ", flat);
    }
}

bool holds(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

// What the words after the options are, by the row's own usage.
std::string_view operand(const Verb& verb) {
    if (holds(verb.usage, "INSTANCE")) return "instance";
    if (holds(verb.usage, "APP")) return "app";
    return "file";
}

std::string names_of(std::span<const Verb> all) {
    std::string names;
    for (const Verb& verb : all) names += (names.empty() ? "" : " ") + std::string(verb.name);
    return names;
}

// In single quotes, for each of the three shells.
std::string quoted(std::string_view text) {
    std::string out = "'";
    for (const char byte : text) {
        if (byte == '\'') out += "'\\''";
        else out += byte;
    }
    return out + "'";
}

std::string words_of(const std::vector<OptionRow>& options, bool with_argument) {
    std::string text;
    for (const OptionRow& option : options) {
        if (with_argument && option.argument.empty()) continue;
        text += " " + std::string(option.name);
        if (with_argument && option.letter) text += std::string(" -") + option.letter;
    }
    return text;
}

std::vector<OptionRow> options_of(const Verb& verb) {
    std::vector<OptionRow> options(verb.options.begin(), verb.options.end());
    options.push_back({"--help", 'h', "", "print what the verb takes"});
    return options;
}

std::string bash(std::span<const Verb> all, const std::vector<Flat>& flat) {
    std::string text = R"SHELL(# bash completion for sandbox(1), made from the rows of its verbs.

_sandbox_names() {
    case $1 in
    app) sandbox profile list 2>/dev/null | while read -r id _; do printf '%s\n' "$id"; done ;;
    instance) sandbox ps 2>/dev/null | while read -r id _; do [[ $id == INSTANCE ]] || printf '%s\n' "$id"; done ;;
    esac
}

# What may stand after a verb: its own verbs, its options, those of them that take an argument, and its operand.
_sandbox_verb() {
    verbs= options= taking= operand=
    case $1 in
)SHELL";
    text += "    '') verbs=" + quoted(names_of(all)) + " options='--help --version' ;;\n";
    for (const Flat& one : flat) {
        const auto options = options_of(*one.verb);
        text += "    " + quoted(one.name) + ")";
        if (one.verb->verbs) text += " verbs=" + quoted(names_of(one.verb->verbs()));
        text += " options=" + quoted(words_of(options, false).substr(1)) + " taking=" + quoted(words_of(options, true) + " ") + " operand=" + std::string(operand(*one.verb)) + " ;;\n";
    }
    return text + R"SHELL(    *) return 1 ;;
    esac
}

_sandbox() {
    local current=${COMP_WORDS[COMP_CWORD]} name= word at verbs options taking operand operands=0 skip=
    COMPREPLY=()
    _sandbox_verb ''
    for ((at = 1; at < COMP_CWORD; ++at)); do
        word=${COMP_WORDS[at]}
        if [[ $skip ]]; then
            skip=
        elif [[ $verbs ]]; then
            [[ $word == -* ]] && return
            name+=${name:+ }$word
            _sandbox_verb "$name" || return
        elif [[ $word == -* && $operands == 0 ]]; then
            [[ $taking == *" $word "* ]] && skip=1
        else
            ((++operands))
        fi
    done
    # The argument of an option, and whatever comes after an app, belongs to the files and to the app.
    if [[ $skip || ($operands -gt 0 && $operand == app && $name == run) ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    elif [[ $verbs ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$verbs" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -W "$(_sandbox_names "$operand")" -- "$current"; compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _sandbox sandbox
)SHELL";
}

// zsh's _arguments takes ':' and brackets for its own.
std::string zsh_text(std::string_view text) {
    std::string out;
    for (const char byte : text) {
        if (byte == ':' || byte == '[' || byte == ']') out += '\\';
        out += byte;
    }
    return out;
}

std::string zsh_described(std::span<const Verb> all) {
    std::string text;
    for (const Verb& verb : all) text += " " + quoted(std::string(verb.name) + ":" + zsh_text(verb.summary));
    return text;
}

std::string zsh_function(const std::string& name) {
    std::string text = "_sandbox_" + name;
    for (char& byte : text)
        if (byte == ' ' || byte == '-') byte = '_';
    return text;
}

std::string zsh_verbs(const std::string& function, const std::string& before, std::span<const Verb> all) {
    std::string text = function + "() {\n    local -a verbs\n    local state line\n    _arguments -C '1: :->verb' '*:: :->rest'\n    case $state in\n    verb) verbs=(" +
                       zsh_described(all).substr(1) + "); _describe verb verbs ;;\n    rest)\n        case $line[1] in\n";
    for (const Verb& verb : all) text += "        " + std::string(verb.name) + ") " + zsh_function(before + std::string(verb.name)) + " ;;\n";
    return text + "        esac ;;\n    esac\n}\n";
}

std::string zsh(std::span<const Verb> all, const std::vector<Flat>& flat) {
    std::string text = R"SHELL(#compdef sandbox
# zsh completion for sandbox(1), made from the rows of its verbs.

_sandbox_app() { local -a names; names=(${${(f)"$(sandbox profile list 2>/dev/null)"}%% *}); compadd -a names; _files }
_sandbox_instance() { local -a names; names=(${${(f)"$(sandbox ps 2>/dev/null)"}%% *}); names=(${names:#INSTANCE}); compadd -a names }
_sandbox_file() { _files }
)SHELL";
    for (const Flat& one : flat) {
        if (one.verb->verbs) {
            text += zsh_verbs(zsh_function(one.name), one.name + " ", one.verb->verbs());
            continue;
        }
        text += zsh_function(one.name) + "() {\n    _arguments -S";
        for (const OptionRow& option : options_of(*one.verb)) {
            const std::string argument = option.argument.empty() ? "" : ":" + zsh_text(option.argument) + ":_files";
            text += " \\\n        " + quoted("*" + std::string(option.name) + (option.argument.empty() ? "" : "=") + "[" + zsh_text(option.help) + "]" + argument);
            if (option.letter) text += " " + quoted(std::string("*-") + option.letter + "[" + zsh_text(option.help) + "]" + argument);
        }
        text += " \\\n        '1: :_sandbox_" + std::string(operand(*one.verb)) + "' '*: :_files'\n}\n";
    }
    return text + zsh_verbs("_sandbox", "", all) + "_sandbox \"$@\"\n";
}

std::string fish(std::span<const Verb> all, const std::vector<Flat>& flat) {
    std::string text = R"SHELL(# fish completion for sandbox(1), made from the rows of its verbs.

function __sandbox_names
    switch $argv[1]
        case app
            sandbox profile list 2>/dev/null | string replace -r ' .*' ''
        case instance
            sandbox ps 2>/dev/null | string replace -r ' .*' '' | string match -v INSTANCE
    end
end
# The words of the line are this verb and go on.
function __sandbox_in
    set -l words (commandline -opc)[2..-1]
    test (count $words) -ge (count $argv); and test "$words[1..$(count $argv)]" = "$argv"
end
# They are no more than this verb.
function __sandbox_at
    set -l words (commandline -opc)[2..-1]
    test "$words" = "$argv"
end
complete -c sandbox -n __sandbox_at -f
complete -c sandbox -n __sandbox_at -l help -d 'the verbs'
complete -c sandbox -n __sandbox_at -l version -d 'the version'
)SHELL";
    const auto verb_lines = [&](const std::string& before, std::span<const Verb> verbs) {
        for (const Verb& verb : verbs)
            text += "complete -c sandbox -n '__sandbox_at" + before + "' -f -a " + quoted(verb.name) + " -d " + quoted(verb.summary) + "\n";
    };
    verb_lines("", all);
    for (const Flat& one : flat) {
        if (one.verb->verbs) verb_lines(" " + one.name, one.verb->verbs());
        for (const OptionRow& option : options_of(*one.verb)) {
            text += "complete -c sandbox -n '__sandbox_in " + one.name + "' -l " + std::string(option.name.substr(2));
            if (option.letter) text += std::string(" -s ") + option.letter;
            text += (option.argument.empty() ? "" : " -r") + std::string(" -d ") + quoted(option.help) + "\n";
        }
        if (!one.verb->verbs && operand(*one.verb) != "file")
            text += "complete -c sandbox -n '__sandbox_in " + one.name + "' -a '(__sandbox_names " + std::string(operand(*one.verb)) + ")'\n";
    }
    return text;
}

} // namespace

std::string completion(std::span<const Verb> all, std::string_view shell) {
    std::vector<Flat> flat;
    flatten(all, "", flat);
    if (shell == "bash") return bash(all, flat);
    if (shell == "zsh") return zsh(all, flat);
    return shell == "fish" ? fish(all, flat) : "";
}

} // namespace manual
