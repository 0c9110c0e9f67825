// What nearly every source of this folder reads first, compiled once (Meson's b_pch). None may lean on it: each includes what it
// uses, and `-Db_pch=false`, as the packages are built, shows whether it does.
#include "launcher/plan/plan.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>
