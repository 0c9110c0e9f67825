// The main function of the unit tests (Catch2 v2); kept alone because it takes longest to compile.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
