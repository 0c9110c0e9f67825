// As launcher/plan/pch/plan.hpp, for this folder and those above it.
#include "launcher/plan/plan.hpp"
#include "launcher/profile/profile.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>
