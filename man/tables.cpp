// What manual pages and completions have from the rows of the program. Runs when it is built, and is not installed.
//
//     tables page FILE             FILE with each line "; table WHAT…" replaced by that table
//     tables completion SHELL      bash, zsh or fish
//     tables verbs                 each verb and its options, a line each, for the lint

#include "launcher/profile/keys.hpp"
#include "launcher/resolve/syscall_sets.hpp"
#include "launcher/verbs/verb.hpp"
#include "man/completion.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

namespace {

using profile::KeyRow;
using verbs::Verb;

// scdoc(5) takes a backslash before whatever could mean something.
std::string plain(std::string_view text) {
    std::string out;
    for (const char byte : text) {
        if (byte == '\\' || byte == '*' || byte == '_' || byte == '`' || byte == '[' || byte == ']' || byte == '#' || byte == '|' || byte == '~' || byte == '<' || byte == '.')
            out += '\\';
        out += byte;
    }
    return out;
}

std::string row(std::string_view first, std::string_view second, std::string_view head = "|") {
    return std::string(head) + "  " + std::string(first) + "\n:  " + std::string(second) + "\n";
}

std::string option_table(const Verb& verb) {
    std::string text = "|[ *Option*\n:[ *Meaning*\n";
    for (const verbs::OptionRow& option : verb.options) {
        std::string name = option.letter ? std::string("*-") + option.letter + "*, " : "";
        name += "*" + std::string(option.name) + "*";
        if (!option.argument.empty()) name += " _" + plain(option.argument) + "_";
        text += row(name, plain(option.help));
    }
    return text + row("*-h*, *--help*", "print what the verb takes, and nothing else");
}

std::string verb_table(std::span<const Verb> all) {
    std::string text = "|[ *Verb*\n:[ *What it does*\n";
    for (const Verb& verb : all) text += row("*" + std::string(verb.name) + "*", plain(verb.summary));
    return text;
}

// In which direction a key widens, as people say it.
std::string direction(const KeyRow& key) {
    switch (key.wider) {
    case profile::Wider::neither: return "";
    case profile::Wider::more: return "wider: more";
    case profile::Wider::less: return "wider: less";
    case profile::Wider::unknown: return "every change counts as wider";
    case profile::Wider::words: break;
    }
    std::string order(key.order);
    for (auto at = order.find(' '); at != std::string::npos; at = order.find(' ', at + 5)) order.replace(at, 1, " → ");
    return "wider: " + order;
}

std::string key_table() {
    std::string text = "|[ *Key*\n:[ *Value*\n:[ *Meaning*\n";
    for (const KeyRow& key : profile::key_rows()) {
        std::string meaning(key.help);
        // No limit to compare with: what is not said is inherited.
        if (!key.unset.empty()) meaning += "; unset: " + std::string(key.key == "rlimits.*" ? "the caller's" : key.unset);
        if (const std::string way = direction(key); !way.empty()) meaning += "; " + way;
        text += "|  *" + plain(key.key) + "*\n:  " + plain(key.value) + "\n:  " + plain(meaning) + "\n";
    }
    return text;
}

std::string set_table() {
    std::string text = "|[ *Set*\n:[ *Calls*\n";
    for (const resolve::SyscallSet& set : resolve::syscall_sets()) text += row("*" + plain(set.name) + "*", plain(set.help));
    return text;
}

const Verb* find(std::span<const Verb> all, std::string_view name) {
    const auto space = name.find(' ');
    for (const Verb& verb : all)
        if (verb.name == name.substr(0, space)) return space == std::string_view::npos ? &verb : verb.verbs ? find(verb.verbs(), name.substr(space + 1)) : nullptr;
    return nullptr;
}

// Empty: there is no such table.
std::string table(const std::string& what) {
    const auto space = what.find(' ');
    const std::string kind = what.substr(0, space), name = space == std::string::npos ? "" : what.substr(space + 1);
    if (kind == "keys") return key_table();
    if (kind == "sets") return set_table();
    if (kind == "verbs" && name.empty()) return verb_table(verbs::all_verbs());
    const Verb* verb = find(verbs::all_verbs(), name);
    if (!verb) return {};
    if (kind == "options") return option_table(*verb);
    if (kind == "usage") return "*sandbox " + name + "* " + plain(verb->usage) + "\n";
    if (kind == "verbs" && verb->verbs) return verb_table(verb->verbs());
    return {};
}

int page(const char* path) {
    std::ifstream file(path);
    if (!file) {
        std::cerr << "tables: cannot read " << path << "\n";
        return 1;
    }
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (!line.starts_with("; table ")) {
            std::cout << line << "\n";
            continue;
        }
        const std::string made = table(line.substr(8));
        if (made.empty()) {
            std::cerr << path << ":" << number << ": there is no table '" << line.substr(8) << "'\n";
            return 1;
        }
        std::cout << made;
    }
    return 0;
}

void list(std::span<const Verb> all, const std::string& before) {
    for (const Verb& verb : all) {
        const std::string name = before + std::string(verb.name);
        std::cout << name << ":";
        for (const verbs::OptionRow& option : verb.options) std::cout << " " << option.name;
        std::cout << "\n";
        if (verb.verbs) list(verb.verbs(), name + " ");
    }
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "page" && argc == 3) return page(argv[2]);
    if (what == "verbs" && argc == 2) {
        list(verbs::all_verbs(), "");
        return 0;
    }
    const std::string made = what == "completion" && argc == 3 ? manual::completion(verbs::all_verbs(), argv[2]) : "";
    if (made.empty()) {
        std::cerr << "usage: tables page FILE | completion bash|zsh|fish | verbs\n";
        return 2;
    }
    std::cout << made;
    return 0;
}
