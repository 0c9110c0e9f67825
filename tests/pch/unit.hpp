// As launcher/plan/pch/plan.hpp, for the unit tests.
#include "launcher/plan/plan.hpp"
#include "launcher/profile/profile.hpp"

#include <catch2/catch.hpp>
