// bench-script PLAN: the plan of a running instance (the file `plan` of its record) as a script for the floor program, on
// stdout. With --filter only the bytes of its system call filter, for other tools.

#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/plan/wire.hpp"
#include "tests/bench/script.hpp"

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace {

using bench::Kind;
using bench::Step;

class Script {
public:
    void add(const plan::Mount& mount) {
        std::visit([&](const auto& kind) { step(kind); }, mount);
    }
    void filter(const std::string& program) { put(Kind::filter, 0, program.size(), bytes(program), 0, {}, 0); }
    void hostname(const std::string& name) { put(Kind::hostname, 0, name.size(), text(name), 0, {}, 0); }
    std::string finish(bool own_network) const {
        const bench::Head head{static_cast<std::uint32_t>(steps_.size()), own_network ? 1U : 0U};
        const std::size_t start = sizeof head + steps_.size() * sizeof(Step);
        std::vector<Step> steps = steps_;
        for (Step& each : steps) {
            each.source += static_cast<std::uint32_t>(start);
            each.target += static_cast<std::uint32_t>(start);
            each.parents += static_cast<std::uint32_t>(start);
        }
        std::string all(reinterpret_cast<const char*>(&head), sizeof head);
        all.append(reinterpret_cast<const char*>(steps.data()), steps.size() * sizeof(Step));
        return all + bytes_;
    }

private:
    std::uint32_t bytes(const std::string& value) {
        const auto at = static_cast<std::uint32_t>(bytes_.size());
        bytes_ += value;
        return at;
    }
    std::uint32_t text(const std::string& value) { return bytes(value + '\0'); }

    // The folders on the way that no step before has made.
    std::uint32_t parents(const std::string& target) {
        std::string list;
        std::string path;
        for (std::size_t slash = target.find('/', 1); slash != std::string::npos; slash = target.find('/', slash + 1)) {
            path = target.substr(0, slash);
            if (made_.insert(path).second) list += path.substr(1) + '\0';
        }
        return bytes(list + '\0');
    }
    void put(Kind kind, std::uint32_t flags, std::uint64_t size, std::uint32_t source, std::uint32_t target, const std::string& path, std::uint32_t mode) {
        const std::uint32_t above = path.empty() ? text("") : parents(path);
        steps_.push_back({kind, flags, size, source, target, above, mode});
    }
    void place(Kind kind, std::uint32_t flags, std::uint64_t size, std::uint32_t source, const base::InsidePath& target, std::uint32_t mode) {
        const std::uint32_t where = text(target.text.substr(1));
        put(kind, flags, size, source, where, target.text, mode);
        if ((flags & 8) != 0) made_.insert(target.text);
    }

    static std::uint32_t folder_flag(const plan::Source& source) { return source.type == plan::FileType::directory ? 8U : 0U; }
    void step(const plan::Bind& mount) {
        place(Kind::bind, (mount.access == plan::Access::read_only ? 1U : 0U) | (mount.execution == plan::Execution::denied ? 2U : 0U) |
                              (mount.subtree == plan::Subtree::recursive ? 4U : 0U) | folder_flag(mount.source),
              0, text(mount.source.path.text), mount.target, 0);
    }
    void step(const plan::Device& mount) { place(Kind::device, 0, 0, text(mount.source.path.text), mount.target, 0); }
    void step(const plan::Tmpfs& mount) {
        place(Kind::tmpfs, 8U | (mount.execution == plan::Execution::denied ? 2U : 0U), mount.size, text(std::to_string(mount.inodes)), mount.target, mount.mode);
    }
    void step(const plan::Proc& mount) { place(Kind::proc, 8, 0, 0, mount.target, 0); }
    void step(const plan::Devpts& mount) { place(Kind::devpts, 8, 0, 0, mount.target, 0); }
    void step(const plan::Mqueue& mount) { place(Kind::mqueue, 8, 0, 0, mount.target, 0); }
    void step(const plan::Directory& mount) {
        const bool fresh = made_.insert(mount.target.text).second;
        if (fresh) put(Kind::folder, 8, 0, 0, text(mount.target.text.substr(1)), mount.target.text, mount.mode);
    }
    void step(const plan::Symlink& mount) { place(Kind::link, 0, 0, text(mount.text), mount.target, 0); }
    void step(const plan::Data& mount) { place(Kind::data, 0, mount.contents.size(), bytes(mount.contents), mount.target, mount.mode); }
    // What is not there costs a look: the floor takes that look, too.
    void step(const plan::Mask& mount) { put(Kind::mask, 0, 0, 0, text(mount.target.text.substr(1)), "", 0); }
    void step(const plan::ReadOnly& mount) { put(Kind::read_only, 0, 0, 0, text(mount.target.text.substr(1)), "", 0); }
    void step(const plan::Sysfs&) { std::fputs("bench-script: a new sysfs is left out\n", stderr); }
    void step(const plan::Overlay&) { std::fputs("bench-script: an overlay is left out\n", stderr); }
    void step(const plan::Exchange&) { std::fputs("bench-script: a sidecar's folder is left out\n", stderr); }

    std::vector<Step> steps_;
    std::string bytes_;
    std::set<std::string> made_;
};

} // namespace

int main(int argc, char** argv) {
    const bool only_filter = argc == 3 && std::strcmp(argv[2], "--filter") == 0;
    if (argc != 2 && !only_filter) return std::fputs("usage: bench-script PLAN [--filter]\n", stderr), 2;
    const base::UniqueFd file = base::sys::open(argv[1], O_RDONLY);
    const auto read = file.valid() ? base::read_all(file, plan::wire_limit) : base::Result<std::string>(base::system_error("open", argv[1]));
    if (!read) return std::fprintf(stderr, "bench-script: %s\n", base::to_text(read.error()).c_str()), 1;
    const auto plan = plan::decode(read.value());
    if (!plan) return std::fprintf(stderr, "bench-script: %s\n", base::to_text(plan.error()).c_str()), 1;
    const plan::Plan& wanted = plan.value();
    std::string out = wanted.security.seccomp.program;
    if (!only_filter) {
        Script script;
        for (const plan::Mount& mount : wanted.mounts) script.add(mount);
        script.hostname(wanted.hostname);
        script.filter(wanted.security.seccomp.program);
        out = script.finish(wanted.namespaces.net.mode == plan::NamespaceMode::fresh);
    }
    return std::fwrite(out.data(), 1, out.size(), stdout) == out.size() && std::fflush(stdout) == 0 ? 0 : 1;
}
