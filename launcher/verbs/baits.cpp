#include "launcher/verbs/baits.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace verbs {

using base::Error;
using base::Result;
using base::UniqueFd;

void Baits::add_folder(const std::string& above, bool with_socket) {
    std::string folder = base::joined(above, ".sandbox-selftest-XXXXXX");
    if (above.empty() || mkdtemp(folder.data()) == nullptr) return; // a place that cannot be written holds no bait
    folders_.push_back(folder);
    const std::string secret = folder + "/secret";
    const UniqueFd file(open(secret.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (file.valid() && base::write_all(file, "a secret of sandbox selftest\n")) words_.push_back("secret=" + secret);
    files_.push_back(secret);
    if (with_socket) add_listener("socket", AF_UNIX, folder + "/socket");
}

void Baits::add_listener(const std::string& kind, int family, const std::string& name) {
    UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    std::string value = name;
    if (family == AF_UNIX) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::size_t from = kind == "abstract" ? 1 : 0;
        if (name.size() + from >= sizeof address.sun_path) return;
        std::memcpy(address.sun_path + from, name.data(), name.size());
        if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + from + name.size())) != 0) return;
        if (from == 0) files_.push_back(name);
    } else {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 || getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
            return;
        value = std::to_string(ntohs(address.sin_port));
    }
    if (listen(socket.get(), 8) != 0) return;
    listeners_[kind] = std::move(socket);
    words_.push_back(kind + "=" + value);
}

void Baits::name_well_known(const World& world, const std::string& home, const std::string& runtime) {
    struct stat status{};
    const std::string display = ::verbs::variable(world, "WAYLAND_DISPLAY");
    for (const std::string& name : {std::string("bus"), std::string("systemd/private"), std::string("pipewire-0"), std::string("pulse/native"), display})
        if (const std::string path = base::joined(runtime, name); !name.empty() && stat(path.c_str(), &status) == 0) words_.push_back("socket=" + path);
    for (const char* path : {"/run/dbus/system_bus_socket", "/run/systemd/private", "/run/docker.sock", "/run/snapd.socket", "/run/libvirt/libvirt-sock"})
        if (stat(path, &status) == 0) words_.push_back(std::string("socket=") + path);
    for (const char* name : {".bashrc", ".profile", ".ssh", ".config/autostart", ".config/systemd", ".config/sandbox", ".local/share/applications", ".local/share/sandbox", ".local/bin"})
        if (const std::string path = base::joined(home, name); stat(path.c_str(), &status) == 0)
            words_.push_back("protected=" + std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) + ":" + path);
}

Result<Baits> Baits::lay(const World& world) {
    Baits baits;
    const std::string home = ::verbs::variable(world, "HOME");
    const std::string runtime = runtime_folder(world).text;
    baits.add_folder(runtime, true);
    baits.add_folder(home.starts_with('/') ? home : "", false);
    baits.add_folder("/tmp", baits.listeners_.empty());
    if (baits.words_.empty())
        return Error{.what = "no bait could be laid out in the home, the runtime folder or /tmp", .advice = "one of them has to be writable"};
    const std::string mark = baits.folders_.front().substr(baits.folders_.front().rfind('-') + 1);
    baits.add_listener("abstract", AF_UNIX, "sandbox-selftest-" + mark);
    baits.add_listener("tcp", AF_INET, "");
    const key_t key = static_cast<key_t>(std::hash<std::string>{}(mark) & 0x7fffffff) | 1;
    baits.memory_ = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600);
    if (baits.memory_ >= 0) baits.words_.push_back("memory=" + std::to_string(key));
    baits.variable_ = "SANDBOX_SELFTEST_BAIT=" + mark;
    baits.words_.push_back("variable=SANDBOX_SELFTEST_BAIT");
    baits.name_well_known(world, home, runtime);
    return baits;
}

std::vector<std::string> Baits::reached() const {
    std::vector<std::string> kinds;
    for (const auto& [kind, socket] : listeners_)
        if (UniqueFd(accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC)).valid()) kinds.push_back(kind);
    return kinds;
}

Baits::~Baits() {
    for (const std::string& file : files_) (void)unlink(file.c_str());       // ours, in folders of ours
    for (const std::string& folder : folders_) (void)rmdir(folder.c_str());
    if (memory_ >= 0 && !words_.empty()) (void)shmctl(memory_, IPC_RMID, nullptr); // moved from: no words
}

} // namespace verbs
