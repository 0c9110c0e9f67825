#pragma once
// The name of an instance that is the only one of its app.

#include <string>

namespace resolve {

/// Of an app whose further starts join it (app.single-instance = "join"): who makes the record of that name is the first.
std::string joined_instance(const std::string& app);
/// Of an app whose further starts are errors ("refuse").
std::string refused_instance(const std::string& app);

} // namespace resolve
