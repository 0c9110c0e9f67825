// As launcher/plan/pch/plan.hpp, for this folder.
#include "launcher/profile/profile.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>
