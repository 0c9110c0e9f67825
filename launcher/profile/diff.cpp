#include "launcher/profile/diff.hpp"

#include "launcher/profile/expand.hpp"
#include "launcher/profile/print.hpp"

#include <algorithm>

namespace profile {
namespace {

class Compare {
public:
    std::vector<Difference> found;

    template <class T>
    void operator()(const std::string& key, const Item<T>& from, const Item<T>& to) {
        const KeyRow* row = find_key(key);
        if (!row || (!from.set() && !to.set()) || (from.set() && to.set() && from.value == to.value)) return;
        const auto value = [&](const Item<T>& item) { return item.set() ? item.value : unset_value<T>(*row); };
        add(key, from, to, width(*row, value(from), value(to)));
    }

    template <class T>
    requires std::is_same_v<T, Set> || std::is_same_v<T, std::vector<Item<MountWish>>>
    void operator()(const std::string& key, const T& from, const T& to) {
        const KeyRow* row = find_key(key);
        if (!row) return;
        const auto holds = [](const T& set, const auto& item) {
            return std::any_of(set.begin(), set.end(), [&](const auto& one) { return one.value == item.value; });
        };
        for (const auto& item : from)
            if (!holds(to, item)) found.push_back({key, value_text(item.value), "", item_width(row->wider, Width::narrower, Width::wider), item.origin()});
        for (const auto& item : to)
            if (!holds(from, item)) found.push_back({key, "", value_text(item.value), item_width(row->wider, Width::wider, Width::narrower), item.origin()});
    }

    template <class T>
    void operator()(const std::string& table, const Map<T>& from, const Map<T>& to) {
        Map<T> names = from;
        names.insert(to.begin(), to.end());
        for (const auto& [name, ignored] : names) {
            const KeyRow* row = find_key(table + "." + name);
            const auto a = from.find(name), b = to.find(name);
            const Item<T> before = a == from.end() ? Item<T>{} : a->second, after = b == to.end() ? Item<T>{} : b->second;
            if (!row || (before.set() && after.set() && before.value == after.value)) continue;
            const T left = before.set() ? before.value : absent(from, name, *row), right = after.set() ? after.value : absent(to, name, *row);
            add(key_text(table, name), before, after, width(*row, left, right));
        }
    }

private:
    static Width item_width(Wider wider, Width as_more, Width as_less) {
        switch (wider) {
        case Wider::neither: return Width::same;
        case Wider::more: return as_more;
        case Wider::less: return as_less;
        case Wider::words:
        case Wider::unknown: return Width::unknown;
        }
        __builtin_unreachable();
    }

    // What a table of names means for a name that it does not hold.
    template <class T>
    static T absent(const Map<T>&, const std::string&, const KeyRow& row) {
        return unset_value<T>(row);
    }
    static FileGrant absent(const Map<FileGrant>& files, const std::string& path, const KeyRow&) {
        const Item<FileGrant>* above = nearest(files, path);
        return above ? above->value : FileGrant{};
    }

    template <class T>
    void add(std::string key, const Item<T>& from, const Item<T>& to, Width width) {
        found.push_back({std::move(key), from.set() ? value_text(from.value) : "", to.set() ? value_text(to.value) : "", width,
                         to.set() ? to.origin() : from.origin()});
    }
};

} // namespace

std::vector<Difference> diff(const Profile& from, const Profile& to) {
    Compare compare;
    base::for_each_leaf("", compare, from, to);
    return std::move(compare.found);
}

} // namespace profile
