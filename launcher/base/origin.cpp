#include "launcher/base/origin.hpp"

namespace base {

std::string to_text(const Origin& origin) {
    if (origin.file.empty()) return "built in";
    if (origin.line == 0) return origin.file;
    return origin.file + ":" + std::to_string(origin.line) + ":" + std::to_string(origin.column);
}

} // namespace base
