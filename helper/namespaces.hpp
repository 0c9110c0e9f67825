#pragma once
// The kinds of namespaces, and what clone(2) and setns(2) call them.

#include "launcher/plan/namespaces.hpp"

#include <array>
#include <sched.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace helper {

struct NamespaceKind {
    plan::Namespace plan::Namespaces::* place;
    int flag;
    const char* name;
};

inline constexpr std::array namespace_kinds{
    NamespaceKind{&plan::Namespaces::user, CLONE_NEWUSER, "user"}, NamespaceKind{&plan::Namespaces::mount, CLONE_NEWNS, "mount"},
    NamespaceKind{&plan::Namespaces::pid, CLONE_NEWPID, "pid"},    NamespaceKind{&plan::Namespaces::ipc, CLONE_NEWIPC, "ipc"},
    NamespaceKind{&plan::Namespaces::uts, CLONE_NEWUTS, "uts"},    NamespaceKind{&plan::Namespaces::cgroup, CLONE_NEWCGROUP, "cgroup"},
    NamespaceKind{&plan::Namespaces::net, CLONE_NEWNET, "net"},    NamespaceKind{&plan::Namespaces::time, CLONE_NEWTIME, "time"},
};

} // namespace helper
