#include "launcher/resolve/xauthority.hpp"

#include <optional>
#include <vector>

namespace resolve {
namespace {

// Families of X.h and Xauth.h.
constexpr std::uint16_t family_local = 256;
constexpr std::uint16_t family_wild = 0xffff;

struct Record {
    std::uint16_t family = 0;
    std::string_view address, number, name, data;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    bool done() const { return bytes_.empty(); }
    // Big endian on every machine.
    std::optional<std::uint16_t> number() {
        if (bytes_.size() < 2) return std::nullopt;
        const auto value = static_cast<std::uint16_t>(static_cast<unsigned char>(bytes_[0]) << 8 | static_cast<unsigned char>(bytes_[1]));
        bytes_.remove_prefix(2);
        return value;
    }
    std::optional<std::string_view> counted() {
        const auto size = number();
        if (!size || bytes_.size() < *size) return std::nullopt;
        const std::string_view text = bytes_.substr(0, *size);
        bytes_.remove_prefix(*size);
        return text;
    }

private:
    std::string_view bytes_;
};

std::optional<Record> next(Reader& reader) {
    const auto family = reader.number();
    const auto address = reader.counted(), number = reader.counted(), name = reader.counted(), data = reader.counted();
    if (!family || !address || !number || !name || !data) return std::nullopt;
    return Record{*family, *address, *number, *name, *data};
}

void put(std::string& out, std::size_t number) {
    out += static_cast<char>(number >> 8 & 0xff);
    out += static_cast<char>(number & 0xff);
}

void put(std::string& out, std::string_view text) {
    put(out, text.size());
    out += text;
}

} // namespace

base::Result<std::string> cookies_for(std::string_view file, std::string_view display_number, std::string_view hostname,
                                      std::string_view number_inside) {
    // Records left by an older host name stand in the same file: those of the present one first, and alone.
    std::vector<Record> own, others;
    for (Reader reader(file); !reader.done();) {
        const auto record = next(reader);
        if (!record) return base::Error{.what = "the file of X cookies is cut short", .advice = "see XAUTHORITY; xauth list reads it"};
        if (!record->number.empty() && record->number != display_number) continue;
        const bool is_own = record->family == family_wild || (record->family == family_local && record->address == hostname);
        if (is_own) own.push_back(*record);
        else if (record->family == family_local) others.push_back(*record);
    }
    std::string out;
    for (const Record& record : own.empty() ? others : own) {
        put(out, family_wild);
        put(out, std::string_view{});
        put(out, number_inside);
        put(out, record.name);
        put(out, record.data);
    }
    return out;
}

} // namespace resolve
