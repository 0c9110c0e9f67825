#pragma once
// Everything that a root is built of, in the order in which it is done. A new kind is one struct in mount/ and one line
// here; std::visit without a generic arm then makes the compiler ask for its resolve, its print and its attach.

#include "launcher/plan/mount/bind.hpp"
#include "launcher/plan/mount/data.hpp"
#include "launcher/plan/mount/device.hpp"
#include "launcher/plan/mount/devpts.hpp"
#include "launcher/plan/mount/directory.hpp"
#include "launcher/plan/mount/exchange.hpp"
#include "launcher/plan/mount/mask.hpp"
#include "launcher/plan/mount/mqueue.hpp"
#include "launcher/plan/mount/overlay.hpp"
#include "launcher/plan/mount/proc.hpp"
#include "launcher/plan/mount/readonly.hpp"
#include "launcher/plan/mount/symlink.hpp"
#include "launcher/plan/mount/sysfs.hpp"
#include "launcher/plan/mount/tmpfs.hpp"

#include <variant>

namespace plan {

using Mount = std::variant<Bind, Tmpfs, Proc, Sysfs, Devpts, Mqueue, Overlay, Symlink, Data, Directory, Device, Exchange,
                           Mask, ReadOnly>;

/// Where it goes, who asked for it, and its name, of any kind.
const base::InsidePath& target_of(const Mount& mount);
const base::Origin& origin_of(const Mount& mount);
const char* kind_of(const Mount& mount);

} // namespace plan
