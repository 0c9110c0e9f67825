"""The shells complete verbs, options, profiles and running sandboxes, as the rows of the program say."""
import shutil

from support import *

works()
prefix = os.path.dirname(os.path.dirname(SANDBOX))
share = f"{prefix}/share"
environment = {**os.environ, "PATH": f"{os.path.dirname(SANDBOX)}:{os.environ['PATH']}", "TERM": "dumb"}
# the line, what must be offered, what must not
ASKED = [
    ("sandbox pro", ["profile"], ["run"]),
    ("sandbox profile ch", ["check"], ["show"]),
    ("sandbox profile show --hi", ["--history"], ["--strict"]),
    ("sandbox run --di", ["--die-with-parent"], ["--signal"]),
    ("sandbox explain mini", ["minimal"], []),
    ("sandbox wait comp", ["completion-runs"], []),
]


def bash(line):
    script = f"""
        . {share}/bash-completion/completions/sandbox
        COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_LINE={line!r}; COMP_POINT=${{#COMP_LINE}}
        _sandbox 2>&1; printf '%s\\n' "${{COMPREPLY[@]}}" """
    return run("bash", "--norc", "-c", script, env=environment).stdout


def fish(line):
    return run("fish", "--no-config", "-c", f"source {share}/fish/vendor_completions.d/sandbox.fish; complete -C {line!r}", env=environment).stdout


def zsh(line):
    """A zsh of its own on a terminal: the line, TAB, and what it shows until it is quiet."""
    setup = f"fpath=({share}/zsh/site-functions $fpath); autoload -U compinit; compinit -u -d {HOME}/.zcompdump; zstyle ':completion:*' verbose yes; " \
            "setopt AUTO_LIST NO_LIST_BEEP; unsetopt AUTO_MENU LIST_AMBIGUOUS; LISTMAX=1000; PS1='ready> '\n"
    script = f"""
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell {setup!r}
        zpty -r -m shell SETUP '*ready> *ready> *' 2>/dev/null
        zpty -w -n shell {line!r}$'\\t'
        zpty -w -n shell $'\\t'
        for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
            sleep 0.3
            while zpty -rt shell PIECE; do text+=$PIECE; done
            [[ $text == *WANTED* ]] && break
        done
        print -r -- $text
        zpty -d shell """
    wanted = next(words[0] for asked, words, _ in ASKED if asked == line)
    return run("zsh", "-f", "-c", script.replace("WANTED", wanted), env=environment, timeout=60).stdout


with subprocess.Popen([*MINIMAL, "--id", "completion-runs", "--", "/bin/sh", "-c", "echo up; read line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
    equal(process.stdout.readline(), "up\n", "the app's first word")
    for shell in (bash, fish, zsh):
        check(shutil.which(shell.__name__), f"{shell.__name__} is not installed")
        for line, present, absent in ASKED:
            offered = shell(line)
            for word in present:
                check(word in offered, f"{shell.__name__} does not complete '{line}' to {word}: {offered!r}")
            for word in absent:
                check(not any(one.split("\t")[0].strip() == word for one in offered.splitlines()), f"{shell.__name__} completes '{line}' to {word}: {offered!r}")
    process.communicate("\n", timeout=20)
