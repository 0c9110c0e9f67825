#pragma once
// What `selftest` lays out on the host for the probe to reach, and takes away again.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/verbs/world.hpp"

#include <map>
#include <string>
#include <vector>

namespace verbs {

class Baits {
public:
    /// Files with a secret in the home, the runtime folder and /tmp; sockets that listen, by name, abstract and on loopback;
    /// System V memory; a variable. The well-known sockets of the session and what runs at login are only named.
    /// Errors: not one folder could be made.
    static base::Result<Baits> lay(const World& world);
    Baits(Baits&&) noexcept = default;
    Baits& operator=(Baits&&) = delete;
    Baits(const Baits&) = delete;
    ~Baits();

    /// KIND=VALUE, as the probe takes them.
    const std::vector<std::string>& words() const { return words_; }
    /// The variable, NAME=VALUE.
    const std::string& variable() const { return variable_; }
    /// Those of our sockets that somebody connected to, by kind.
    std::vector<std::string> reached() const;

private:
    Baits() = default;
    void add_folder(const std::string& above, bool with_socket);
    void add_listener(const std::string& kind, int family, const std::string& name);
    void name_well_known(const World& world, const std::string& home, const std::string& runtime);

    std::vector<std::string> words_;
    std::string variable_;
    std::vector<std::string> files_;   ///< to be removed, in this order
    std::vector<std::string> folders_; ///< after them
    std::map<std::string, base::UniqueFd> listeners_;
    int memory_ = -1; ///< shmget(2)
};

} // namespace verbs
